"""A model behind the server of the seed. It returns ten boxes after it has kept one core busy for some milliseconds, or has
waited for as long, as for a graphics card.

    ml_model.py PORT MILLISECONDS [elsewhere]

The server listens on localhost, or on the address in MODEL_HOST.
"""
import os
import socket
import sys
import time
from io import BytesIO

import numpy as np

HEADER_SIZE = 10
BOXES = np.arange(60, dtype=np.float32).reshape(10, 6)


def detect(img, conf_threshold, nms_threshold):
    if 'elsewhere' in sys.argv:
        time.sleep(COMPUTE_S)
        return [BOXES]
    end = time.perf_counter() + COMPUTE_S
    while time.perf_counter() < end:
        pass
    return [BOXES]


COMPUTE_S = float(sys.argv[2]) / 1000
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((os.environ.get('MODEL_HOST', 'localhost'), int(sys.argv[1])))
    sock.listen(1)
    while True:
        print('waiting for a connection')
        connection, client_address = sock.accept()
        b_msg_len = connection.recv(HEADER_SIZE)
        msg_len = int(b_msg_len.decode('utf-8'))
        full_data = BytesIO()
        while full_data.getbuffer().nbytes < msg_len:
            data = connection.recv(4096)
            full_data.write(data)
        full_data.seek(0)
        print('all data received')
        img = np.load(full_data, allow_pickle=True)
        bboxes = detect(img, 0.3, 0.4)[0]
        print('sending the boxes')
        bbox_bytes = BytesIO()
        np.save(bbox_bytes, bboxes)
        bbox_bytes.seek(0)
        connection.sendall(bbox_bytes.read())
