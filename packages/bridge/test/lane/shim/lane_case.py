"""Support for the shim's tests: a model that runs with the shim, and an implementation of the host in Python."""
import os
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

SHIM = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..', '..', 'shim'))
MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'models.py')
HEAD = struct.Struct('<cB2xIQ')     # the head of a frame; src/lane/frames.ts draws it
LIMIT_S = 30                        # the limit of every wait
LARGE = os.urandom(1000) * 3000


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


def until(what):
    """Calls `what` until it returns something true, and returns that."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        result = what()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError('waited in vain')


class Host(object):
    """A host with its one connection to a lane, whose protocol src/lane/frames.ts describes."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(LIMIT_S)
        self.sock.connect(path)
        self.sequence = 0

    def exact(self, size):
        """Returns the next `size` bytes. Raises EOFError if the model hung up."""
        data = bytearray(size)
        rest = memoryview(data)
        while len(rest):
            got = self.sock.recv_into(rest)
            if not got:
                raise EOFError
            rest = rest[got:]
        return bytes(data)

    def frame(self):
        """Returns (kind, sequence, payload) of the next frame. For a reply in a file the length stands in place of the payload."""
        kind, slot, sequence, length = HEAD.unpack(self.exact(HEAD.size))
        return kind, sequence, self.exact(length) if kind != b'S' else length

    def ask(self, body, header=None):
        """Sends a request. Its header is ten digits, unless another is given."""
        self.sequence += 1
        whole = (b'%-10d' % len(body) if header is None else header) + body
        self.sock.sendall(HEAD.pack(b'Q', 0, self.sequence, len(whole)) + whole)

    def reply(self):
        """Returns a whole reply, joined from its parts."""
        parts = []
        while True:
            kind, sequence, data = self.frame()
            if kind == b'E':
                return b''.join(parts)
            assert kind == b'R', (kind, data)
            parts.append(data)

    def call(self, body, header=None):
        self.ask(body, header)
        return self.reply()


class LaneCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.path, self.port = folder.name, os.path.join(folder.name, 'lane.sock'), free_port()

    def environment(self, **more):
        return dict(dict(os.environ, PYTHONPATH=SHIM, NPBRIDGE_LANE='%d:%s' % (self.port, self.path),
                         PYTHONDONTWRITEBYTECODE='1'), **more)

    def start(self, name, preexec=None, **more):
        process = subprocess.Popen([sys.executable, MODELS, name, str(self.port)],
                                   env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   preexec_fn=preexec)

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        self.process = process
        return process

    def host(self):
        """Returns a host that has connected to the model and read its hello."""
        until(lambda: os.path.exists(self.path) or self.process.poll() is not None)
        host = Host(self.path)
        self.addCleanup(host.sock.close)
        kind, _, hello = host.frame()
        self.assertEqual(kind, b'H', hello)
        self.assertIn(b'"pid":%d' % self.process.pid, hello)
        return host

    def tcp(self):
        def connect():
            try:
                return socket.create_connection(('127.0.0.1', self.port), LIMIT_S)
            except ConnectionRefusedError:
                return None
        return until(connect)

    def plain(self, body):
        """Returns the reply to a message that is sent over TCP, as if there were no lane."""
        with self.tcp() as sock:
            sock.sendall(b'%-10d' % len(body) + body)
            reply = b''
            while len(reply) < len(body):
                data = sock.recv(65536)
                self.assertTrue(data, 'the connection was closed')
                reply += data
            return reply

    def reason(self):
        """Waits until the lane has ended, and returns the reason in its note."""
        until(lambda: os.path.exists(self.path + '.declined'))
        until(lambda: not os.path.exists(self.path))
        with open(self.path + '.declined') as file:
            return file.read()

    def assertAlive(self):
        self.assertIsNone(self.process.poll())
