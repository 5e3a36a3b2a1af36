"""Bare pixels of a known shape in, a mask of a known shape out."""
import numpy as np
from ends import connections

for stream in connections():
    while data := stream.read(480 * 640 * 3):
        frame = np.frombuffer(data, np.uint8).reshape(480, 640, 3)
        mask = frame.mean(axis=2, dtype=np.float32)
        stream.write(mask.tobytes())
        stream.flush()
