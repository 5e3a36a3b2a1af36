"""The seed's protocol, each message answered with itself: a byte a second of it, the first time (FLAG is no file yet).

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
