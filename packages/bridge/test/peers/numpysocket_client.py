"""A host with the package numpysocket: sends three arrays on one connection and prints the reply to each."""
import sys

import numpy as np
from numpysocket import NumpySocket

with NumpySocket() as sock:
    sock.connect((sys.argv[1], int(sys.argv[2])))
    for n in (1, 7, 5000):
        sock.sendall(np.arange(n, dtype=np.float32))
        reply = sock.recv()
        print(reply.dtype, reply.shape, float(reply.sum()))
