"""A camera that sends pickled frames to a server and reads nothing."""
import pickle
import struct

import numpy as np
from ends import connected

sock = connected()
for _ in range(3):
    frame = np.zeros((480, 640, 3), np.uint8)
    data = pickle.dumps(frame)
    sock.sendall(struct.pack('Q', len(data)) + data)
