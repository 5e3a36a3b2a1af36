"""The host that the seed describes: a connection for each picture, ten digits, np.save, and one recv for the boxes.

    webcam_stream.py PORT DTYPE SIZE...                  sends as many pictures as child.ts asks for
    webcam_stream.py --peak-memory PORT DTYPE SIZE...    ten pictures; prints the peak of its memory without the picture, in pictures
"""
import resource
import socket
import sys
from io import BytesIO

import numpy as np
from requests_of_bench import answer_requests

HEADER_SIZE = 10


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


def send(frames):
    for _ in range(frames):
        assert send_img_to_ml_model(img).shape == (10, 6)


def resident_bytes():
    with open('/proc/self/statm') as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


args = [arg for arg in sys.argv[1:] if arg != '--peak-memory']
server_address = ('localhost', int(args[0]))
img = np.ones([int(size) for size in args[2:]], args[1])

if '--peak-memory' in sys.argv:
    before = resident_bytes()
    send(10)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print((peak - before) / img.nbytes)
else:
    answer_requests(send)
