"""Whole messages from standard input to a port of this container, and what comes back to standard output.

    python3 -IS -c '…' HOST PORT        inside of a model's container, where the model listens

Every frame is a kind, a length, and so many bytes: struct '>cQ'.

    in    M message     connect where there is no connection, and send it; not before all of it is here
          F message     the same, and then end our half
          C             close the connection; R the same, with a reset
    out   H             ready
          A             a message is here, whole: what was said before has to do with another
          O             a connection was made; from here on the model may have seen something
          S             all of the message was handed to the system
          D bytes       of the reply, as they come
          E             the model has closed the connection
          U errno       no connection could be made: the model saw nothing
          L errno       the connection was lost

Half a message goes nowhere: standard input that ends inside of one ends this. What was begun is finished, and its reply
read to its end, whether somebody still wants it or not. Python 3.6 or later, standard library only.
"""
import os
import select
import socket
import struct
import sys
import time

FRAME = struct.Struct('>cQ')
CHUNK = 1 << 18
BEGIN_S = 60                # how long a reply that nobody waits for may take to begin, and …
GO_ON_S = 1                 # … to go on
END_S = 60                  # … and to come to its end


def read(size):
    """So many bytes of standard input; None where it ends."""
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        got = os.readv(0, [view[at:]])
        if got == 0:
            return None
        at += got
    return data


def write(kind, *parts):
    parts = [memoryview(FRAME.pack(kind, sum(map(len, parts))))] + [memoryview(part) for part in parts]
    while parts:
        sent = os.writev(1, parts)
        while parts and sent >= len(parts[0]):
            sent -= len(parts.pop(0))
        if parts:
            parts[0] = parts[0][sent:]


def error(kind, reason):
    write(kind, str(reason.errno or 0).encode())


def connect(host, port):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.connect((host, port))
        if sock.getsockname() == sock.getpeername():        # nobody listens, and it has met itself
            raise ConnectionRefusedError(111, 'connected to itself')
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        close(sock, True)
        raise
    return sock


def close(sock, reset):
    if reset:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    sock.close()


def abandon(sock, begun):
    """Nobody is left to read the reply: a model may die of one that is not taken."""
    until = time.monotonic() + END_S
    sock.settimeout(GO_ON_S if begun else BEGIN_S)
    try:
        while sock.recv(CHUNK) and time.monotonic() < until:
            sock.settimeout(GO_ON_S)
    except OSError:
        pass


def send(sock, host, port, kind, message):
    """The connection, or None where it did not come to one."""
    if sock is None:
        try:
            sock = connect(host, port)
        except OSError as reason:
            error(b'U', reason)
            return None
        write(b'O')
    try:
        sock.sendall(message)
        if kind == b'F':
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass                        # what the model said before it left is still to be read
    else:
        write(b'S')
    return sock


def receive(sock):
    """Passes on what there is; None once that was the end."""
    try:
        data = sock.recv(CHUNK)
    except OSError as reason:
        error(b'L', reason)
        close(sock, True)
        return None
    if data:
        write(b'D', data)
        return sock
    write(b'E')
    close(sock, False)
    return None


def main(host, port):
    sock, begun = None, False
    write(b'H')
    while True:
        ready = select.select([0] if sock is None else [0, sock], [], [])[0]
        if sock is not None and sock in ready and 0 not in ready:
            sock, begun = receive(sock), True
            continue
        head = read(FRAME.size)
        kind, size = FRAME.unpack(head) if head else (b'', 0)
        message = read(size) if head else None
        if message is None:
            return abandon(sock, begun) if sock is not None else None
        if kind in b'MF':
            write(b'A')
            sock, begun = send(sock, host, port, kind, message), False
        elif sock is not None:
            close(sock, kind == b'R')
            sock = None


if __name__ == '__main__':
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except BrokenPipeError:
        os._exit(0)                 # the host is gone
