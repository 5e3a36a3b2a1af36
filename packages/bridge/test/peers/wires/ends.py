"""The two ends of a connection, and a model. The programs beside this file add their wire, and docs/wires.md quotes it."""
import os
import socket
import time

import numpy as np

ADDRESS = os.environ['HOST'], int(os.environ['PORT'])


def detect(frame):
    """Returns the boxes of a frame: a single one, of the whole frame."""
    height, width = frame.shape[:2]
    return np.array([[0, 0, width, height]], np.float32)


def sockets():
    """Listens, and yields the socket of each connection."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(ADDRESS)
        listener.listen(4)
        print('waiting for a connection', flush=True)
        while True:
            conn, _ = listener.accept()
            with conn:
                yield conn


def connections():
    """Listens, and yields each connection as a file."""
    for conn in sockets():
        with conn.makefile('rwb') as stream:
            yield stream


def connected():
    """Returns a socket that is connected to a server. The server may be started later than this program."""
    for _ in range(1000):
        try:
            return socket.create_connection(ADDRESS)
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise SystemExit('there is no server')
