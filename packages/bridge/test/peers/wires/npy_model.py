"""np.save's bytes behind a length of four bytes, both ways, many on a connection."""
import io
import struct

import numpy as np
from ends import connections, detect

for stream in connections():
    while head := stream.read(4):
        frame = np.load(io.BytesIO(stream.read(struct.unpack('>I', head)[0])))
        reply = io.BytesIO()
        np.save(reply, detect(frame))
        stream.write(struct.pack('>I', reply.tell()) + reply.getvalue())
        stream.flush()
