"""A host of the same wire: it sends frames and reads boxes."""
import io
import struct

import numpy as np
from ends import connected

stream = connected().makefile('rwb')
for _ in range(3):
    file = io.BytesIO()
    np.save(file, np.zeros((480, 640, 3), np.uint8))
    stream.write(struct.pack('>I', file.tell()) + file.getvalue())
    stream.flush()
    (length,) = struct.unpack('>I', stream.read(4))
    boxes = np.load(io.BytesIO(stream.read(length)))
    assert boxes.tolist() == [[0, 0, 640, 480]], boxes
