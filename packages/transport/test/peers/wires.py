"""Speaks wire formats that are common in practice, as listener or caller, with the standard library alone.

    wires.py serve KIND PORT COUNT KEPT    answers COUNT connections with a message each; with KEPT 1 one connection with four
    wires.py call KIND PORT COUNT KEPT     makes these connections and sends the messages

The reply to a message is its bytes in reverse order, unless KIND has another reply.
"""
import json
import socket
import struct
import sys

role, kind, port, count, kept = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5] == '1'
WEIGHTS = bytes(i % 251 for i in range(200_000))
RAW_BYTES = 4 * 6 * 3
JPEG = b'\xff\xd8\xff\xe0' + bytes(range(200)) + b'\xff\xd9'


def send(stream, message):
    stream.write(struct.pack('>I', len(message)) + message)
    stream.flush()


def receive(stream):
    head = stream.read(4)
    return stream.read(struct.unpack('>I', head)[0]) if head else None


def say(stream, text):
    stream.write(text)
    stream.flush()


def hear(stream, text):
    got = stream.read(len(text))
    assert got == text, (got, text)


def message(n):
    return bytes((n + i) % 256 for i in range(1000 * (n + 1)))


def serve_one(stream):
    """Serves one connection, from its opening to its end."""
    if kind == 'greeting':
        say(stream, b'READY\n')
    elif kind == 'weights':
        send(stream, WEIGHTS)
    elif kind == 'hello':
        assert stream.readline() == b'HELLO 1\n'
        say(stream, b'WELCOME\n')
    for _ in range(4 if kept else 1):
        if kind == 'go':
            say(stream, b'GO')
        if kind == 'json':
            say(stream, json.dumps({'twice': 2 * json.loads(stream.readline())['n']}).encode() + b'\n')
            continue
        if kind == 'raw':
            say(stream, stream.read(RAW_BYTES)[::-1])
            continue
        if kind == 'jpeg':
            (length,) = struct.unpack('<Q', stream.read(8))
            picture = stream.read(length)
            assert picture == JPEG
            say(stream, struct.pack('>I', len(picture)) + picture[::-1])
            continue
        got = receive(stream)
        if kind in ('acknowledged', 'only-acknowledged'):
            say(stream, b'OK')
        if kind != 'only-acknowledged':
            send(stream, got[::-1])
        if kind == 'acknowledged':
            hear(stream, b'THX')


def call_one(stream, first):
    if kind == 'greeting':
        assert stream.readline() == b'READY\n'
    elif kind == 'weights':
        assert receive(stream) == WEIGHTS
    elif kind == 'hello':
        say(stream, b'HELLO 1\n')
        assert stream.readline() == b'WELCOME\n'
    for n in range(first, first + (4 if kept else 1)):
        if kind == 'go':
            hear(stream, b'GO')
        if kind == 'json':
            say(stream, json.dumps({'n': n}).encode() + b'\n')
            assert json.loads(stream.readline()) == {'twice': 2 * n}
            continue
        if kind == 'raw':
            raw = bytes((n + i) % 256 for i in range(RAW_BYTES))
            say(stream, raw)
            assert stream.read(RAW_BYTES) == raw[::-1]
            continue
        if kind == 'jpeg':
            say(stream, struct.pack('<Q', len(JPEG)) + JPEG)
            assert receive(stream) == JPEG[::-1]
            continue
        send(stream, message(n))
        if kind in ('acknowledged', 'only-acknowledged'):
            hear(stream, b'OK')
        if kind != 'only-acknowledged':
            assert receive(stream) == message(n)[::-1]
        if kind == 'acknowledged':
            say(stream, b'THX')


if role == 'serve':
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(('127.0.0.1', port))
        sock.listen(4)
        print('waiting', sock.getsockname()[1], flush=True)
        for _ in range(count):
            connection, _ = sock.accept()
            with connection, connection.makefile('rwb') as stream:
                serve_one(stream)
                assert stream.read() == b'', 'more came than was agreed on'
else:
    for n in range(count):
        with socket.create_connection(('127.0.0.1', port)) as connection, connection.makefile('rwb') as stream:
            call_one(stream, n)
print('done', flush=True)
