"""Servers that the shim declines when they listen, or when they first use the listening socket."""
import asyncio
import ctypes
import multiprocessing
import os
import select
import selectors
import signal
import socket
import socketserver
import ssl
import threading

from .message import HOST, answer, detect, listening
from .served import post


def with_asyncio(port):
    async def one(reader, writer):
        length = int(await reader.readexactly(10))
        writer.write(detect(await reader.readexactly(length)))
        writer.close()

    async def serve():
        server = await asyncio.start_server(one, HOST, port)
        await server.serve_forever()

    asyncio.run(serve())


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        answer(self.request)


def threading_tcp_server(port):
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    socketserver.ThreadingTCPServer((HOST, port), Handler).serve_forever()


def with_select(port):
    sock = listening(port)
    while True:
        select.select([sock], [], [])
        answer(sock.accept()[0])


def with_selectors(port):
    sock = listening(port)
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ)
    while True:
        selector.select()
        answer(sock.accept()[0])


def not_waiting(port):
    sock = listening(port)
    sock.setblocking(False)
    while True:
        try:
            connection, _ = sock.accept()
        except BlockingIOError:
            select.select([], [], [], 0.01)
            continue
        connection.setblocking(True)
        answer(connection)


def with_timeout(port):
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.settimeout(60)
    sock.bind((HOST, port))
    sock.listen()
    while True:
        connection = sock.accept()[0]
        connection.settimeout(None)
        answer(connection)


def with_ssl(port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    sock = context.wrap_socket(listening(port), server_side=True)
    while True:
        try:
            sock.accept()
        except OSError:
            pass


def accepting_thread(port):
    sock = listening(port)

    def serve():
        while True:
            answer(sock.accept()[0])

    threading.Thread(target=serve).start()


def listening_thread(port):
    threading.Thread(target=post, args=(port,)).start()


def two_sockets(port):
    sock = listening(port)
    other = socket.socket(socket.AF_INET6)
    other.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    other.bind(('::1', port))
    other.listen()
    while True:
        answer(sock.accept()[0])


def forking(port):
    sock = listening(port)
    if os.fork() == 0:
        os._exit(0)
    while True:
        answer(sock.accept()[0])


def behind_its_parent(port):
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)      # PR_SET_PDEATHSIG: this process ends with its parent
    post(port)


def forked(port):
    """Serves in a child process, like daemons and servers whose first process supervises the others."""
    if os.fork() == 0:
        behind_its_parent(port)
    os.wait()


def of_multiprocessing(port):
    multiprocessing.get_context('fork').Process(target=behind_its_parent, args=(port,)).start()


def forked_and_listening(port):
    """Two processes listen, first the parent and then the child."""
    def listening():
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        sock.bind((HOST, port))
        sock.listen(1)
        return sock

    readable, writable = os.pipe()
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        os.read(readable, 1)
        listening().close()
        print('listened', flush=True)
        signal.pause()
    sock = listening()
    os.write(writable, b'.')
    while True:
        answer(sock.accept()[0])


def duplicating(port):
    sock = listening(port).dup()
    while True:
        answer(sock.accept()[0])
