"""Servers for the tests of launch, without NumPy: `models.py NAME PORT [MORE]`.

Each reads ten digits and an array, and answers with the same array. Some words in an array make a server fail: see `answer`.
"""
import asyncio
import atexit
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from io import BytesIO

HOST = '127.0.0.1'


def answer(body):
    if b'raise' in body:
        raise ValueError('cannot take that')
    if b'exit' in body:
        print('leaving', file=sys.stderr)
        sys.exit(3)
    if b'spin' in body:
        while True:
            pass
    if b'sleep' in body:
        time.sleep(1000)
    if b'slow' in body:
        time.sleep(0.3)
    return body


def listening(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, port))
    sock.listen(1)
    return sock


def read(connection):
    length = int(connection.recv(10).decode('utf-8'))
    full_data = BytesIO()
    while full_data.getbuffer().nbytes < length:
        data = connection.recv(4096)
        full_data.write(data)
    return full_data.getvalue()


def serve(sock):
    while True:
        print('waiting')
        connection, _ = sock.accept()
        connection.sendall(answer(read(connection)))


def echo(port):
    serve(listening(port))


def exits(port):
    print('loading')
    raise RuntimeError('no such weights')


def never(port):
    print('loading')
    time.sleep(1000)


def late(port):
    time.sleep(1)
    echo(port)


def late_to_accept(port):
    sock = listening(port)
    time.sleep(1)
    serve(sock)


def stubborn(port):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    echo(port)


def tidy(port):
    def leave(*_):
        time.sleep(0.2)
        print('tidied', file=sys.stderr)
        sys.exit()

    signal.signal(signal.SIGTERM, leave)
    echo(port)


def mute(port):
    """Reads messages, and answers none."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        print('I have nothing to say to %d bytes' % len(read(connection)))
        connection.close()


def flood(port):
    def write():
        line = b'all work and no play makes a dull model ' * 1000 + b'\n'
        while True:
            os.write(1, line)

    threading.Thread(target=write, daemon=True).start()
    echo(port)


def floods_idly(port):
    """Writes some fifty megabytes a second, with hardly any processor time."""
    def write():
        line = b'x' * 999999 + b'\n'
        while True:
            os.write(1, line)
            time.sleep(0.01)

    threading.Thread(target=write, daemon=True).start()
    echo(port)


def with_children(port):
    """Has a child process in its session, and one in a session of its own."""
    subprocess.Popen(['sleep', '1000.%d' % port])
    subprocess.Popen(['sleep', '1000.%d' % port], start_new_session=True)
    echo(port)


def once(port, file):
    """Starts correctly once, and fails every time after that."""
    if os.path.exists(file):
        print('the second time is too much', file=sys.stderr)
        sys.exit(7)
    open(file, 'w').close()
    echo(port)


def hangs_at_exit(port, seconds='1000'):
    atexit.register(time.sleep, float(seconds))
    echo(port)


def left_by_a_thread(port):
    """Has a second thread that never ends, so that the process does not end with its main thread."""
    threading.Thread(target=time.sleep, args=(1000,)).start()
    echo(port)


def keeps(port):
    """Serves several messages on each connection. It does not set SO_REUSEADDR, so it dies if an old connection keeps its port."""
    sock = socket.socket()
    sock.bind((HOST, port))
    sock.listen(1)
    while True:
        connection, _ = sock.accept()
        try:
            while True:
                connection.sendall(answer(read(connection)))
        except ValueError:
            connection.close()


def elsewhere(port):
    """Listens on another port than the given one."""
    sock = socket.create_server((HOST, 0))
    print('port', sock.getsockname()[1])
    time.sleep(1000)


def ends(port):
    """Reads frames from stdin and never listens."""
    sys.stdin.read()


def unix(path):
    """Listens on a Unix socket, and does not remove the file that an earlier process has left."""
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    sock.listen(1)
    while True:
        connection, _ = sock.accept()
        connection.sendall(answer(read(connection)))
        connection.close()


def with_strays(port):
    """Starts processes in sessions of their own, which share no variable and no open file with it: a child, and a process whose
    parent ends soon."""
    nothing = dict(env={'PATH': os.environ['PATH']}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   start_new_session=True)
    subprocess.Popen(['sleep', '1000.%d' % port], **nothing)
    subprocess.Popen(['sh', '-c', 'setsid sleep 1000.%d & sleep 2.%d' % (port, port)], **nothing)
    echo(port)


def turns_deaf(port):
    """Serves one connection, closes its socket and lives on. Later callers find no listener."""
    sock = listening(port)
    connection, _ = sock.accept()
    sock.close()
    connection.sendall(answer(read(connection)))
    connection.close()
    time.sleep(1000)


def spins_alone(port):
    """Serves in one thread, while another keeps a processor busy without doing anything."""
    def burn():
        while True:
            pass

    threading.Thread(target=burn, daemon=True).start()
    echo(port)


def with_asyncio(port):
    async def one(reader, writer):
        length = int(await reader.readexactly(10))
        writer.write(answer(await reader.readexactly(length)))
        await writer.drain()
        writer.close()

    async def main():
        server = await asyncio.start_server(one, HOST, port)
        await server.serve_forever()

    asyncio.run(main())


def threading_tcp_server(port):
    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(answer(read(self.request)))

    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer((HOST, port), Handler).serve_forever()


def forks_first(port):
    """Serves in a child process, for which the first process waits."""
    if os.fork() == 0:
        echo(port)
    os.wait()


def declines_later(port):
    """Is recognised by the shim at first, and passes its third connection to a thread."""
    sock = listening(port)
    for served in range(1000000):
        connection, _ = sock.accept()
        if served < 2:
            connection.sendall(answer(read(connection)))
        else:
            thread = threading.Thread(target=lambda: connection.sendall(answer(read(connection))))
            thread.start()
            thread.join()
        connection.close()


if __name__ == '__main__':
    place = sys.argv[2]
    globals()[sys.argv[1]](int(place) if place.isdigit() else place, *sys.argv[3:])
