"""A later version of the server by its author: it closes each connection, also after an error, and in the end the listener."""
import os
import socket
from io import BytesIO

import numpy as np
from detect import detect

HEADER_SIZE = 10
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind((os.environ['HOST'], int(os.environ['PORT'])))
sock.listen(1)
try:
    while True:
        print('waiting for a connection')
        connection, client_address = sock.accept()
        try:
            msg_len = int(connection.recv(HEADER_SIZE).decode('utf-8'))
            full_data = BytesIO()
            while full_data.getbuffer().nbytes < msg_len:
                full_data.write(connection.recv(4096))
            full_data.seek(0)
            print('All data received!')
            img = np.load(full_data, allow_pickle=True)
            bboxes = detect(img, 0.3, 0.4)[0]
            print('Sending data back to the client')
            bbox_bytes = BytesIO()
            np.save(bbox_bytes, bboxes)
            connection.sendall(bbox_bytes.getvalue())
        finally:
            connection.close()
finally:
    sock.close()
