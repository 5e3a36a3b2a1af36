"""A server with the package numpysocket."""
import socket

from ends import ADDRESS, detect
from numpysocket import NumpySocket

with NumpySocket() as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(ADDRESS)
    sock.listen()
    print('waiting for a connection', flush=True)
    conn, _ = sock.accept()
    while len(frame := conn.recv()) > 0:
        conn.sendall(detect(frame))
