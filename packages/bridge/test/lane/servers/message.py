"""Functions that all servers share: they listen, read a message and answer with its body reversed."""
import socket
import sys
from io import BytesIO

HOST = '127.0.0.1'


def detect(body):
    if body == b'die':
        raise ValueError('cannot take that')
    if body == b'die at length':
        raise ValueError('\u20ac' * 200000)
    if body == b'exit':
        sys.exit(3)
    return body[::-1]


def listening(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((HOST, port))
    sock.listen(1)
    return sock


def read(connection):
    length = int(connection.recv(10).decode('utf-8'))
    full_data = BytesIO()
    while full_data.getbuffer().nbytes < length:
        data = connection.recv(4096)
        full_data.write(data)
    return full_data.getvalue()


def answer(connection):
    connection.sendall(detect(read(connection)))
