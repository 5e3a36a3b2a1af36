"""Servers that the shim declines while they handle a request."""
import os
import select
import signal
import threading
import time

from .message import answer, detect, listening, read


def threads(port):
    """Starts a thread for each connection."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        threading.Thread(target=lambda: (answer(connection), connection.close())).start()


def forking_each(port):
    """Forks a process for each connection."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        if os.fork() == 0:
            answer(connection)
            connection.close()
            os._exit(0)
        connection.close()


def forking_behind_a_file(port):
    """Forks while it handles a message that names a file, as soon as that file exists."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        body = read(connection)
        if body.startswith(b'/'):
            print('waits for the file', flush=True)
            while not os.path.exists(body):
                time.sleep(0.01)
            if os.fork() == 0:
                os._exit(0)
        connection.sendall(detect(body))


def forking_aside(port):
    """Forks, while it handles the first message, a process that does not use the connection and does not end."""
    sock = listening(port)
    child = None
    while True:
        connection, _ = sock.accept()
        if child is None:
            child = os.fork()
            if child == 0:
                os.closerange(1, 3)
                signal.alarm(20)
                signal.pause()
        answer(connection)


def forking_in_a_thread(port):
    """Forks in another thread while it serves messages."""
    sock = listening(port)

    def fork():
        time.sleep(0.05)
        if os.fork() == 0:
            os._exit(0)

    threading.Thread(target=fork).start()
    while True:
        connection, _ = sock.accept()
        answer(connection)


def pool(port):
    """Answers in a thread, for which the main thread waits."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        thread = threading.Thread(target=answer, args=(connection,))
        thread.start()
        thread.join()


def echoing_pool(port):
    """Answers in a thread with the unchanged body."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        thread = threading.Thread(target=lambda: connection.sendall(read(connection)))
        thread.start()
        thread.join()


def file_like(port):
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        with connection, connection.makefile('rwb') as file:
            file.write(detect(file.read(int(file.read(10)))))


def polling(port):
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        poll = select.poll()
        poll.register(connection, select.POLLIN)
        poll.poll()
        answer(connection)
