"""Waits for a port to become free, takes it and keeps it for a time: `port-stranger.py PORT SECONDS [HOST]`.

The program prints a line when it has the port, and in the end the number of connections and of received bytes."""
import selectors
import socket
import sys
import time

port, seconds = int(sys.argv[1]), float(sys.argv[2])
host = sys.argv[3] if len(sys.argv) > 3 else '127.0.0.1'
print('waits', flush=True)
while True:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(8)
        break
    except OSError:
        sock.close()
print('has it', flush=True)
until = time.monotonic() + seconds
connections = received = 0
selector = selectors.DefaultSelector()
selector.register(sock, selectors.EVENT_READ)
while time.monotonic() < until:
    for key, _ in selector.select(0.05):
        if key.fileobj is sock:
            connection, _ = sock.accept()
            connections += 1
            selector.register(connection, selectors.EVENT_READ)
            continue
        try:
            data = key.fileobj.recv(65536)
        except OSError:
            data = b''
        received += len(data)
        if not data:
            selector.unregister(key.fileobj)
            key.fileobj.close()
print(connections, received, flush=True)
