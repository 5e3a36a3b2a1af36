"""Servers that put a length in front of each message in both directions.

    prefixed.py '>I'                struct's format of the length; one connection a message
    prefixed.py '<Q' --persistent   as many messages on a connection as come
    prefixed.py digits              ten ASCII digits, padded with spaces
"""
import os
import socket
import struct
import sys
from io import BytesIO

import numpy as np

FORMAT = sys.argv[1]
PERSISTENT = '--persistent' in sys.argv
WIDTH = 10 if FORMAT == 'digits' else struct.calcsize(FORMAT)


def pack(length):
    return f'{length:<10}'.encode() if FORMAT == 'digits' else struct.pack(FORMAT, length)


def unpack(head):
    return int(head.decode()) if FORMAT == 'digits' else struct.unpack(FORMAT, head)[0]


with socket.socket() as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
    sock.listen(1)
    print('waiting for a connection')
    while True:
        connection, _ = sock.accept()
        print('connected')
        with connection, connection.makefile('rb') as stream:
            while head := stream.read(WIDTH):
                array = np.load(BytesIO(stream.read(unpack(head))))
                reply = BytesIO()
                np.save(reply, array + array.dtype.type(1))
                connection.sendall(pack(reply.getbuffer().nbytes) + reply.getvalue())
                if not PERSISTENT:
                    break
