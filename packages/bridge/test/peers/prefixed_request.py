"""A server that reads four bytes of length and a .npy file, and answers with the same file without a length."""
import os
import socket
import struct
from io import BytesIO

import numpy as np

with socket.create_server((os.environ['HOST'], int(os.environ['PORT']))) as listener:
    print('waiting', flush=True)
    while True:
        connection, _ = listener.accept()
        with connection, connection.makefile('rb') as stream:
            length, = struct.unpack('>I', stream.read(4))
            reply = BytesIO()
            np.save(reply, np.load(BytesIO(stream.read(length))))
            connection.sendall(reply.getvalue())
