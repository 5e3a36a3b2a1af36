"""A line of JSON for each message, with nested lists in it."""
import json

import numpy as np
from ends import connections, detect

for stream in connections():
    for line in stream:
        image = np.array(json.loads(line)['image'])
        reply = {'boxes': detect(image).tolist()}
        stream.write(json.dumps(reply).encode() + b'\n')
        stream.flush()
