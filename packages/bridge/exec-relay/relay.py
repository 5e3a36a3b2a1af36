"""Passes whole messages from standard input to a port of this container, and the replies to standard output.

    python3 -IS -c '…' HOST PORT        in the model's container

Every frame is a kind, a length, and that many bytes: struct '>cQ'.

    in    M message     connect, if there is no connection, and send the message; not before all of it has arrived
          F message     the same, and then shut down the sending half
          C             close the connection; R the same, with a reset
    out   H             ready
          A             a whole message has arrived: the frames before this one are about another
          O             a connection was made: from here on the model may have seen something
          S             the whole message was handed to the system
          D bytes       a part of the reply, as it comes
          E             the model closed the connection
          U errno       no connection could be made: the model saw nothing
          L errno       the connection was lost

Half a message goes nowhere: the relay ends if standard input ends inside a message. A message that was begun is finished,
and its reply is read to the end, even if nobody wants it any more. Python 3.6 or later, standard library only.
"""
import os
import select
import socket
import struct
import sys
import time

FRAME = struct.Struct('>cQ')
CHUNK_BYTES = 1 << 18
# limits of a reply that nobody wants any more
FIRST_BYTE_S = 60
NEXT_BYTES_S = 1
WHOLE_REPLY_S = 60


def read(size):
    """Returns the next `size` bytes of standard input; None if it ends before that."""
    data = bytearray(size)
    view, at = memoryview(data), 0
    while at < size:
        got = os.readv(0, [view[at:]])
        if got == 0:
            return None
        at += got
    return data


def write(kind, *parts):
    """Writes one frame."""
    parts = [memoryview(FRAME.pack(kind, sum(map(len, parts))))] + [memoryview(part) for part in parts]
    while parts:
        sent = os.writev(1, parts)
        while parts and sent >= len(parts[0]):
            sent -= len(parts.pop(0))
        if parts:
            parts[0] = parts[0][sent:]


def write_error(kind, reason):
    write(kind, str(reason.errno or 0).encode())


def connect(host, port):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.connect((host, port))
        if sock.getsockname() == sock.getpeername():        # nobody listens, and TCP joined the socket to itself
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


def read_out(sock, begun):
    """Reads the rest of a reply after standard input has ended: a model may die of a reply that is not taken.

    `begun` is whether some of the reply has come.
    """
    until = time.monotonic() + WHOLE_REPLY_S
    sock.settimeout(NEXT_BYTES_S if begun else FIRST_BYTE_S)
    try:
        while sock.recv(CHUNK_BYTES) and time.monotonic() < until:
            sock.settimeout(NEXT_BYTES_S)
    except OSError:
        pass


def send(sock, host, port, kind, message):
    """Sends a message of kind M or F. Returns the connection; None if none could be made."""
    if sock is None:
        try:
            sock = connect(host, port)
        except OSError as reason:
            write_error(b'U', reason)
            return None
        write(b'O')
    try:
        sock.sendall(message)
        if kind == b'F':
            sock.shutdown(socket.SHUT_WR)
    except OSError:
        pass                        # the model may have replied before it closed: receive() reads that
    else:
        write(b'S')
    return sock


def receive(sock):
    """Passes on what has come of a reply. Returns the connection; None if that was its end."""
    try:
        data = sock.recv(CHUNK_BYTES)
    except OSError as reason:
        write_error(b'L', reason)
        close(sock, True)
        return None
    if data:
        write(b'D', data)
        return sock
    write(b'E')
    close(sock, False)
    return None


def main(host, port):
    """Serves standard input until it ends."""
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
            return read_out(sock, begun) if sock is not None else None
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
