"""Receivers: they read arrays, and print in the end how many came and whether they came in order.

    receiver.py numpysocket           the receiver of the package numpysocket: one connection, until it ends
    receiver.py echoing               the same receiver, which also answers each array, even if nobody reads the answers
    receiver.py connections COUNT     COUNT connections, one array in each, behind struct's '>I'; each is left open until the
                                      next one is accepted
"""
import os
import socket
import struct
import sys
from io import BytesIO

import numpy as np

kind = sys.argv[1]


def listening(sock, backlog):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
    sock.listen(backlog)
    print('waiting for a connection')


numbers = []
if kind == 'connections':
    with socket.socket() as sock:
        listening(sock, 1)
        while len(numbers) < int(sys.argv[2]):
            connection, _ = sock.accept()
            stream = connection.makefile('rb')
            (length,) = struct.unpack('>I', stream.read(4))
            numbers.append(int(np.load(BytesIO(stream.read(length)))[0]))
            stream.detach()
else:
    from numpysocket import NumpySocket

    with NumpySocket() as sock:
        listening(sock, 1)
        connection, _ = sock.accept()
        with connection:
            while len(frame := connection.recv()) > 0:
                numbers.append(int(frame[0]))
                if kind == 'echoing':
                    connection.sendall(frame)
print('received', len(numbers), 'in order' if numbers == sorted(numbers) else 'out of order', flush=True)
