"""Receives frames with the package numpysocket, and answers none."""
import os

from numpysocket import NumpySocket

with NumpySocket() as listener:
    listener.bind((os.environ['HOST'], int(os.environ['PORT'])))
    listener.listen()
    print('waiting', flush=True)
    while True:
        connection, _ = listener.accept()
        with connection:
            while len(connection.recv()) > 0:
                pass
