"""A sender with the package numpysocket: COUNT arrays as fast as they go, nothing read, and closed."""
import sys

import numpy as np
from numpysocket import NumpySocket

with NumpySocket() as sock:
    sock.connect((sys.argv[1], int(sys.argv[2])))
    for n in range(int(sys.argv[3])):
        sock.sendall(np.full(1000, n, np.float32))
