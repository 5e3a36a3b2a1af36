"""Answers each message of the dialect `seed` with itself. It sends the first answer, for which it makes the file FLAG, at a byte a second.

    python3 dripping.py PORT FLAG
"""
import os
import socket
import sys
import time

server = socket.create_server(('127.0.0.1', int(sys.argv[1])))
while True:
    connection, _ = server.accept()
    data = b''
    while len(data) < 10 or len(data) < 10 + int(data[:10]):
        data += connection.recv(65536)
    reply = data[10:]
    if not os.path.exists(sys.argv[2]):
        open(sys.argv[2], 'w').close()
        for i in range(len(reply)):
            connection.sendall(reply[i:i + 1])
            time.sleep(1)
    else:
        connection.sendall(reply)
    connection.close()
