"""A sender with the package numpysocket: it sends COUNT arrays as fast as possible, reads nothing, and closes."""
import sys

import numpy as np
from numpysocket import NumpySocket

with NumpySocket() as sock:
    sock.connect((sys.argv[1], int(sys.argv[2])))
    for n in range(int(sys.argv[3])):
        sock.sendall(np.full(1000, n, np.float32))
