"""A host that sends the first COUNT bytes of a message, prints a line, and waits to be killed."""
import os
import socket
import sys
import time
from io import BytesIO

import numpy as np

message = BytesIO()
np.save(message, np.zeros((480, 640, 3), np.uint8))
framed = f'{message.getbuffer().nbytes:<10}'.encode() + message.getvalue()

where, count = sys.argv[1:]
if where.startswith('unix://'):
    sock = socket.socket(socket.AF_UNIX)
    sock.connect(where[len('unix://'):])
else:
    host, port = where[len('tcp://'):].rsplit(':', 1)
    sock = socket.create_connection((host, int(port)))
sock.sendall(framed[:int(count)])
print('sent', os.getpid(), flush=True)
time.sleep(60)
