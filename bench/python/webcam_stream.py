"""The host that the seed describes: a connection for each picture, ten digits, np.save, and one recv for the boxes.

    {"frames": 100, "clock": "wall"} -> {"seconds": 1.23}

    webcam_stream.py PORT DTYPE SIZE...
"""
import json
import socket
import sys
import time
from io import BytesIO

import numpy as np

HEADER_SIZE = 10
server_address = ('localhost', int(sys.argv[1]))
img = np.zeros([int(size) for size in sys.argv[3:]], sys.argv[2])


def send_img_to_ml_model(img):
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.connect(server_address)
        message = BytesIO()
        np.save(message, img)
        msg_len = message.getbuffer().nbytes
        sock.sendall(bytes(f'{msg_len:<{HEADER_SIZE}}', 'utf-8'))
        message.seek(0)
        sock.sendall(message.read())
        return np.load(BytesIO(sock.recv(4096)), allow_pickle=True)


for line in sys.stdin:
    request = json.loads(line)
    now = {'wall': time.perf_counter, 'cpu': time.process_time}[request['clock']]
    start = now()
    for _ in range(request['frames']):
        assert send_img_to_ml_model(img).shape == (10, 6)
    print(json.dumps({'seconds': now() - start}), flush=True)
