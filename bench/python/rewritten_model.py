"""The seed's model, rewritten for speed by somebody who may change it: one Unix socket for all frames, a length in front of
each message both ways, and frames received into memory that is kept.

    rewritten_model.py SOCKET load|view

    length (u64, little-endian), then a .npy file; the reply likewise

`load` reads the frame as the seed's model does, so that detect() is given an array of its own. `view` gives it a view of the kept
memory instead, which the next frame overwrites.
"""
import os
import socket
import struct
import sys
from io import BytesIO

import numpy as np

LENGTH = struct.Struct('<Q')
HEADER_BYTES = 128
BOXES = np.arange(60, dtype=np.float32).reshape(10, 6)


def detect(img, conf_threshold, nms_threshold):
    return [BOXES]


def receive(sock, view):
    """Fills the view. Returns False at the end of the stream."""
    while view:
        count = sock.recv_into(view, 0, socket.MSG_WAITALL)
        if count == 0:
            return False
        view = view[count:]
    return True


def load(file):
    return np.load(BytesIO(file), allow_pickle=True)


def view(file):
    """The array of a file of version 1.0, without a copy."""
    header = BytesIO(file[:HEADER_BYTES])
    np.lib.format.read_magic(header)
    shape, fortran_order, dtype = np.lib.format.read_array_header_1_0(header)
    return np.ndarray(shape, dtype, file, header.tell(), order='F' if fortran_order else 'C')


path, read = sys.argv[1], {'load': load, 'view': view}[sys.argv[2]]
with socket.socket(socket.AF_UNIX) as listener:
    listener.bind(path + '.new')
    listener.listen(1)
    os.rename(path + '.new', path)
    connection, _ = listener.accept()
length = memoryview(bytearray(LENGTH.size))
kept = memoryview(bytearray())
while receive(connection, length):
    size, = LENGTH.unpack(length)
    if len(kept) < size:
        kept = memoryview(bytearray(size))
    receive(connection, kept[:size])
    bboxes = detect(read(kept[:size]), 0.3, 0.4)[0]
    reply = BytesIO()
    np.save(reply, bboxes)
    connection.sendall(LENGTH.pack(reply.tell()) + reply.getbuffer())
