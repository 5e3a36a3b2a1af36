"""The seed's server as its author wrote it later: each connection is closed behind its reply."""
import os
import socket
from io import BytesIO

import numpy as np

HEADER_SIZE = 10

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
sock.listen(1)
try:
    while True:
        print('waiting for a connection')
        connection, client_address = sock.accept()
        try:
            msg_len = int(connection.recv(HEADER_SIZE).decode('utf-8'))
            full_data = BytesIO()
            while full_data.getbuffer().nbytes < msg_len:
                full_data.write(connection.recv(4096))
            full_data.seek(0)
            array = np.load(full_data, allow_pickle=True)
            reply = BytesIO()
            np.save(reply, array + array.dtype.type(1))
            connection.sendall(reply.getvalue())
        finally:
            connection.close()
finally:
    sock.close()
