"""Ten digits and np.save's bytes; np.save's bytes back."""
import io

import numpy as np
from ends import connections, detect

for stream in connections():
    length = int(stream.read(10))
    frame = np.load(io.BytesIO(stream.read(length)))
    reply = io.BytesIO()
    np.save(reply, detect(frame))
    stream.write(reply.getvalue())
