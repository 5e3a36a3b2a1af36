"""Servers as people write them, without NumPy: `models.py NAME PORT`. Each takes ten digits and a body, unless its name
says otherwise, and answers with the body reversed. A body `die` is what they cannot take.
"""
import asyncio
import ctypes
import multiprocessing
import os
import select
import selectors
import signal
import socket
import socketserver
import ssl
import struct
import sys
import threading
import time
from io import BytesIO

HOST = '127.0.0.1'


def detect(body):
    if body == b'die':
        raise ValueError('cannot take that')
    if body == b'die at length':
        raise ValueError('\u20ac' * 200000)
    if body == b'exit':
        sys.exit(3)
    return body[::-1]


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


def answer(connection):
    connection.sendall(detect(read(connection)))


# ---- served by the lane

def post(port):
    """The post's: the connection lives until the next accept."""
    with listening(port) as sock:
        while True:
            print('waiting for a connection', flush=True)
            connection, client_address = sock.accept()
            answer(connection)


def closing(port):
    """Its author's later one."""
    sock = listening(port)
    try:
        while True:
            connection, client_address = sock.accept()
            try:
                answer(connection)
            finally:
                connection.close()
    finally:
        sock.close()


def four_bytes(port):
    """Another header."""
    with listening(port) as sock:
        while True:
            connection, _ = sock.accept()
            with connection:
                length, = struct.unpack('>I', connection.recv(4))
                data = b''
                while len(data) < length:
                    data += connection.recv(4096)
                connection.sendall(detect(data))


def in_parts(port):
    """Reads by recv_into, looks around, answers in parts."""
    with listening(port) as sock:
        while True:
            connection, address = sock.accept()
            assert connection.getpeername() == address and connection.getsockname() == (HOST, port)
            assert connection.family == socket.AF_INET and connection.type == socket.SOCK_STREAM
            connection.settimeout(5)
            assert connection.gettimeout() == connection.timeout == 5
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            length = int(connection.recvfrom(10)[0])
            body = bytearray(length)
            rest = memoryview(body)
            assert connection.recv(0) == b''
            while len(rest):
                rest = rest[connection.recv_into(rest, min(len(rest), 1000)):]
            assert connection.recv(10) == b''
            reply = detect(bytes(body))
            assert connection.send(reply[:3]) == len(reply[:3])
            for i in range(3, len(reply), 100000):
                connection.sendall(reply[i:i + 100000])
            connection.shutdown(socket.SHUT_WR)
            connection.close()


def interrupted(port):
    """A signal's handler raises, wherever it is; it catches that and goes on."""
    def handler(number, frame):
        raise RuntimeError('a signal')

    signal.signal(signal.SIGUSR1, handler)
    sock = listening(port)
    while True:
        try:
            connection, _ = sock.accept()
            answer(connection)
        except RuntimeError as error:
            print(error, flush=True)


def ticking(port):
    """A timer keeps interrupting it."""
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    closing(port)


def careless(port):
    """Closes without an answer where it does not like a message."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        body = read(connection)
        if body != b'no':
            connection.sendall(body[::-1])
        connection.close()


def starting_over(port):
    """Catches everything, and begins with a new socket."""
    while True:
        try:
            closing(port)
        except ValueError as error:
            print('caught', error, flush=True)


# ---- declined as it listens

def with_asyncio(port):
    async def one(reader, writer):
        length = int(await reader.readexactly(10))
        writer.write(detect(await reader.readexactly(length)))
        writer.close()

    async def serve():
        server = await asyncio.start_server(one, HOST, port)
        await server.serve_forever()

    asyncio.run(serve())


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        answer(self.request)


def threading_tcp_server(port):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer((HOST, port), Handler).serve_forever()


def with_select(port):
    sock = listening(port)
    while True:
        select.select([sock], [], [])
        answer(sock.accept()[0])


def with_selectors(port):
    sock = listening(port)
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ)
    while True:
        selector.select()
        answer(sock.accept()[0])


def not_waiting(port):
    sock = listening(port)
    sock.setblocking(False)
    while True:
        try:
            connection, _ = sock.accept()
        except BlockingIOError:
            select.select([], [], [], 0.01)
            continue
        connection.setblocking(True)
        answer(connection)


def with_timeout(port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.settimeout(60)
    sock.bind((HOST, port))
    sock.listen()
    while True:
        connection = sock.accept()[0]
        connection.settimeout(None)
        answer(connection)


def with_ssl(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sock = context.wrap_socket(listening(port), server_side=True)
    while True:
        try:
            sock.accept()
        except OSError:
            pass


def accepting_thread(port):
    sock = listening(port)

    def serve():
        while True:
            answer(sock.accept()[0])

    threading.Thread(target=serve).start()


def listening_thread(port):
    threading.Thread(target=post, args=(port,)).start()


def two_sockets(port):
    sock = listening(port)
    other = socket.socket(socket.AF_INET6)
    other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    other.bind(('::1', port))
    other.listen()
    while True:
        answer(sock.accept()[0])


def forking(port):
    sock = listening(port)
    if os.fork() == 0:
        os._exit(0)
    while True:
        answer(sock.accept()[0])


def behind_its_parent(port):
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG: whoever kills the parent ends this one, too
    post(port)


def forked(port):
    """As daemons do, and servers whose first process watches over the others."""
    if os.fork() == 0:
        behind_its_parent(port)
    os.wait()


def of_multiprocessing(port):
    multiprocessing.get_context('fork').Process(target=behind_its_parent, args=(port,)).start()


def forked_and_listening(port):
    """Both processes listen; the first one is there first."""
    def listening():
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((HOST, port))
        sock.listen(1)
        return sock

    readable, writable = os.pipe()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        os.read(readable, 1)
        listening().close()
        print('listened', flush=True)
        signal.pause()
    sock = listening()
    os.write(writable, b'.')
    while True:
        answer(sock.accept()[0])


def duplicating(port):
    sock = listening(port).dup()
    while True:
        answer(sock.accept()[0])


# ---- declined behind the first message

def threads(port):
    """One thread a connection."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        threading.Thread(target=lambda: (answer(connection), connection.close())).start()


def forking_each(port):
    """One process a connection."""
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
    """Forks inside a message that names a file, as soon as that file exists."""
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
    """A process that has nothing to do with the connection, and lives on."""
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
    """While it is at its messages."""
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
    """A thread for the reading, the main one waits for it."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        thread = threading.Thread(target=answer, args=(connection,))
        thread.start()
        thread.join()


def echoing_pool(port):
    """The same, with the message as its answer."""
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


if __name__ == '__main__':
    globals()[sys.argv[1]](int(sys.argv[2]))
