"""A line of JSON that says dtype and shape, and the elements behind it; both ways, many on a connection."""
import json
import math

import numpy as np
from ends import connections, detect

for stream in connections():
    while line := stream.readline():
        dtype, shape = np.dtype(json.loads(line)['dtype']), json.loads(line)['shape']
        frame = np.frombuffer(stream.read(math.prod(shape) * dtype.itemsize), dtype).reshape(shape)
        boxes = detect(frame)
        header = {'dtype': str(boxes.dtype), 'shape': boxes.shape}
        stream.write(json.dumps(header).encode() + b'\n' + boxes.tobytes())
        stream.flush()
