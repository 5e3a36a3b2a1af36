"""A server whose replies drip: `dripping.py PLACE [HOST]`, where PLACE is a port or the path of a Unix socket. Takes ten digits and an
array, and answers with the same array; where its bytes contain a word of WAYS, as that says. It goes on to the next message once
its caller is gone.
"""
import os
import socket
import sys
import time

EVERY_S = 0.02
# Far more than any test waits for.
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
    b'drip': drip,                  # a byte now and then
    b'behind': behind,              # the whole, and then bytes that belong to nothing
    b'refused': refused,            # what is no array, and then on and on
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
            connection.makefile('rb')           # nothing for a lane: what comes is handed over to a socket
        try:
            answer(connection)
        except OSError:
            pass                                # the caller is gone
        connection.close()


main(*sys.argv[1:])
