"""A server that sends some replies a few bytes at a time: `dripping.py PLACE [HOST]`, where PLACE is a port or the path of a Unix socket.

The server reads ten digits and an array, and answers with the same array. If the array's bytes contain a word of WAYS, it answers
in that way. It goes on to the next message when its caller has disconnected.
"""
import os
import socket
import sys
import time

EVERY_S = 0.02
# Sending so many bytes takes far longer than any test waits.
DROPS = 100000


def drip(connection, data):
    for i in range(DROPS):
        connection.sendall(data[i:i + 1] or b'.')
        time.sleep(EVERY_S)


def behind(connection, body):
    connection.sendall(body)
    drip(connection, b'')


def refused(connection, body):
    connection.sendall(b'what is this?')
    drip(connection, b'')


WAYS = {
    b'drip': drip,                  # sends the reply a byte at a time
    b'behind': behind,              # sends the whole reply, and then single bytes without end
    b'refused': refused,            # sends a text in place of an array, and then single bytes without end
}


def answer(connection):
    head = b''
    while len(head) < 10:
        head += connection.recv(10 - len(head))
    body = b''
    while len(body) < int(head):
        body += connection.recv(int(head) - len(body))
    ways = [way for word, way in WAYS.items() if word in body]
    (ways or [lambda connection, body: connection.sendall(body)])[0](connection, body)


def listening(place, host):
    if place.isdigit():
        return socket.create_server((host, int(place)))
    if os.path.exists(place):
        os.unlink(place)
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(place)
    sock.listen(1)
    return sock


def main(place, host='127.0.0.1'):
    server = listening(place, host)
    while True:
        connection, _ = server.accept()
        if os.environ.get('FILE_LIKE'):
            connection.makefile('rb')           # the shim declines a lane for a server that uses the connection as a file
        try:
            answer(connection)
        except OSError:
            pass                                # the caller has disconnected
        connection.close()


main(*sys.argv[1:])
