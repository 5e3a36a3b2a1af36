"""The server as it was first published. It keeps its connection object until the next accept binds another."""
import os
import socket
from io import BytesIO

import numpy as np
from detect import detect

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
    sock.listen(1)
    while True:
        print('waiting for a connection')
        connection, client_address = sock.accept()
        HEADER_SIZE = 10
        b_msg_len = connection.recv(HEADER_SIZE)
        msg_len = int(b_msg_len.decode('utf-8'))
        full_data = BytesIO()
        while full_data.getbuffer().nbytes < msg_len:
            data = connection.recv(4096)
            full_data.write(data)
        full_data.seek(0)
        print('All data received!')
        img = np.load(full_data, allow_pickle=True)
        bboxes = detect(img, 0.3, 0.4)[0]
        print('Sending data back to the client')
        bbox_bytes = BytesIO()
        np.save(bbox_bytes, bboxes)
        bbox_bytes.seek(0)
        connection.sendall(bbox_bytes.read())
