"""A server with the package numpysocket, after the example of its documentation: one client at a time, any number of
arrays from each, until one of them is empty or the client disconnects."""
import os
import socket

from numpysocket import NumpySocket

with NumpySocket() as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
    sock.listen()
    print('waiting for a connection')
    while True:
        connection, _ = sock.accept()
        print('connected')
        with connection:
            while True:
                frame = connection.recv()
                if len(frame) == 0:
                    break
                connection.sendall(frame + frame.dtype.type(1))
