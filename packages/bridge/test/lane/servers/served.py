"""Servers for which the shim opens a lane."""
import signal
import socket
import struct

from .message import HOST, answer, detect, listening, read


def post(port):
    """Keeps each connection open until the next accept, like the seed's server."""
    with listening(port) as sock:
        while True:
            print('waiting for a connection', flush=True)
            connection, client_address = sock.accept()
            answer(connection)


def closing(port):
    """Closes each connection."""
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
    """Reads a length of four bytes in front of the body."""
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
    """Reads by recv_into, asks the connection for its properties, and answers in parts."""
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
    """Continues after an exception that a signal handler has raised."""
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
    """Is interrupted by a repeating timer."""
    signal.signal(signal.SIGALRM, lambda number, frame: None)
    signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
    closing(port)


def careless(port):
    """Closes the connection without an answer if the body is `no`."""
    sock = listening(port)
    while True:
        connection, _ = sock.accept()
        body = read(connection)
        if body != b'no':
            connection.sendall(body[::-1])
        connection.close()


def starting_over(port):
    """Catches each error, and listens with a new socket."""
    while True:
        try:
            closing(port)
        except ValueError as error:
            print('caught', error, flush=True)
