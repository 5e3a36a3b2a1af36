"""A model that attacks its host by its lane: `hostile.py WAY`.

On its port the model answers each message of the dialect `seed` with the same message. On its lane, whose protocol it implements itself, it
attacks as the function of the name WAY says.
"""
import _socket
import array
import json
import os
import socket
import stat
import struct
import subprocess
import sys
import threading
import time

PORT, LANE = os.environ.pop('NPBRIDGE_LANE').split(':', 1)
FOLDER = os.path.dirname(LANE)
HEAD = struct.Struct('<cB2xIQ')
NOTE = LANE + '.declined'


def frame(kind, body=b'', slot=0, sequence=1, length=None):
    return HEAD.pack(kind, slot, sequence, len(body) if length is None else length) + body


HELLO = frame(b'H', json.dumps({'lane': 1, 'pid': 1, 'python': '3.11.2'}).encode(), sequence=0)


def whole(sock, size):
    data = b''
    while len(data) < size:
        more = sock.recv(size - len(data))
        if not more:
            raise EOFError
        data += more
    return data


lent = {}                           # the files of the connected host, opened before the attack changes them


def file_of(what, slot):
    key = what, slot
    if key not in lent:
        lent[key] = open('%s.%s-%d' % (LANE, what, slot), 'r+b')
    return lent[key].fileno()


def request(host):
    """Reads a message from the lane. Returns its slot, its sequence, and its body without the ten digits."""
    kind, slot, sequence, length = HEAD.unpack(whole(host, HEAD.size))
    if kind == b'Q':
        return slot, sequence, whole(host, length)[10:]
    return slot, sequence, os.pread(file_of('request', slot), length, 0)[10:]


def by_port():
    server = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
    server.setsockopt(_socket.SOL_SOCKET, _socket.SO_REUSEADDR, 1)
    server.bind(('0.0.0.0', int(PORT)))
    server.listen(8)
    while True:
        connection = socket.socket(fileno=server._accept()[0])
        try:
            connection.sendall(whole(connection, int(whole(connection, 10))))
        except (OSError, EOFError):
            pass
        connection.close()


def door():
    if os.path.lexists(LANE):
        os.unlink(LANE)
    made = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    made.bind(LANE)
    made.listen(8)
    return made


def echo(host):
    slot, sequence, body = request(host)
    host.sendall(frame(b'R', body, sequence=sequence) + frame(b'E', sequence=sequence))


# ---- kinds of files that the model puts in the place of others

def put_file(path):
    open(path, 'w').write('because')


def put_pipe(path):
    os.mkfifo(path)


def put_device(path):
    os.mknod(path, 0o644 | stat.S_IFCHR, os.makedev(1, 5))


def put_link(path):
    os.symlink('/dev/zero', path)


def put_folder(path):
    os.mkdir(path)


def put_socket(path):
    _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM).bind(path)


def put_sparse(path):
    with open(path, 'w') as file:
        file.truncate(1 << 40)


def remove(path):
    try:
        os.rmdir(path) if os.path.isdir(path) and not os.path.islink(path) else os.unlink(path)
    except OSError:
        pass


def churn(path):
    """Puts a file of each kind at the path in turn, as fast as possible, so that it changes between the host's check and its use."""
    other = path + '.other'
    while True:
        for put in (put_file, put_pipe, put_device, put_link, put_folder, put_socket, put_sparse):
            try:
                remove(other)
                put(other)
                remove(path)
                os.rename(other, path)
            except OSError:
                pass


# ---- ways: each function gets the host's connections, one after the other

def quits(host):
    """Ends its lane after the first message of each connection."""
    echo(host)


def churn_note(host):
    if threading.active_count() < 3:
        threading.Thread(target=churn, args=(NOTE,), daemon=True).start()
    echo(host)
    remove(LANE)


def churn_socket(host):
    if threading.active_count() < 3:
        threading.Thread(target=churn, args=(LANE,), daemon=True).start()
    echo(host)


def growing_note(host):
    """Writes a note of two bytes that grows to many mebibytes while the host reads it."""
    def grow():
        with open(NOTE, 'ab') as note:
            note.write(b'so')
            note.flush()
            while note.tell() < 1 << 26:
                note.write(b'x' * 8192)
                note.flush()

    echo(host)
    remove(LANE)
    threading.Thread(target=grow, daemon=True).start()


def swapped_reply(host):
    """Replaces the file of the reply with a file of another kind before it tells the host that the reply is there."""
    puts = [put_pipe, put_device, put_link, put_folder, put_socket, put_sparse]
    for i in range(1000):
        slot, sequence, body = request(host)
        path = '%s.reply-%d' % (LANE, slot)
        os.pwrite(file_of('reply', slot), body, 0)
        remove(path)
        puts[i % len(puts)](path)
        host.sendall(frame(b'S', slot=slot, sequence=sequence, length=len(body)) + frame(b'E', sequence=sequence))


def shrinking_reply(host):
    """Truncates and fills the file of a reply while the host reads it."""
    for _ in range(1000):
        slot, sequence, body = request(host)
        fd = file_of('reply', slot)
        os.pwrite(fd, body, 0)
        over = threading.Event()

        def shake():
            while not over.is_set():
                os.truncate(fd, 0)
                os.pwrite(fd, body, 0)

        shaking = threading.Thread(target=shake)
        shaking.start()
        host.sendall(frame(b'S', slot=slot, sequence=sequence, length=len(body)))
        time.sleep(0.05)
        host.sendall(frame(b'E', sequence=sequence))
        over.set()
        shaking.join()


def sparse_reply(host):
    slot, sequence, body = request(host)
    os.pwrite(file_of('reply', slot), body[:128], 0)
    os.truncate(file_of('reply', slot), 1 << 40)
    host.sendall(frame(b'S', slot=slot, sequence=sequence, length=1 << 40) + frame(b'E', sequence=sequence))
    while True:
        echo(host)


def spoilt_requests(host):
    """Truncates and replaces all files that the host has lent to it, and removes their permissions."""
    for _ in range(1000):
        slot, sequence, body = request(host)
        for name in os.listdir(FOLDER):
            path = os.path.join(FOLDER, name)
            if name.startswith('lane.sock.request') and not stat.S_ISFIFO(os.lstat(path).st_mode):
                file_of('request', int(name[-1]))
                os.chmod(path, 0)
                os.truncate(path, 0)
                remove(path)
                put_pipe(path)
        host.sendall(frame(b'R', body, sequence=sequence) + frame(b'E', sequence=sequence))


def descriptors(host):
    """Sends file descriptors with its reply, as Unix sockets can."""
    for _ in range(1000):
        slot, sequence, body = request(host)
        fds = array.array('i', [os.open('/dev/null', os.O_RDONLY) for _ in range(200)])
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, fds)]
        data = frame(b'R', body, sequence=sequence) + frame(b'E', sequence=sequence)
        for at in range(8):
            host.sendmsg([data[at:at + 1]], rights)
        host.sendall(data[8:])
        for fd in fds:
            os.close(fd)


def many_files(host):
    for i in range(100000):
        os.close(os.open('%s/\x1b[2J\n%d\r\u202e' % (FOLDER, i), os.O_CREAT | os.O_WRONLY))
    print('made')
    while True:
        echo(host)


def deep_folders(host):
    os.chdir(FOLDER)
    for _ in range(400):
        os.mkdir('a\nb')
        os.chdir('a\nb')
    open('file', 'w').write('x')
    while True:
        echo(host)


def shut_folder(host):
    """Changes the owner, the permissions and the attributes of the folder, so that its host cannot enter, change or remove it."""
    os.mkdir(FOLDER + '/in')
    open(FOLDER + '/in/file', 'w').write('x')
    for flags in ('+i', '+a'):
        subprocess.run(['chattr', flags, FOLDER, FOLDER + '/in/file'], stderr=subprocess.DEVNULL) if CHATTR else None
    for path in (FOLDER + '/in', FOLDER):
        os.chown(path, 12345, 12345)
        os.chmod(path, 0)
    while True:
        echo(host)


def moved_folder(host):
    """Removes everything in the folder, and the folder itself if possible."""
    for name in os.listdir(FOLDER):
        remove(os.path.join(FOLDER, name))
    for what in (lambda: os.rmdir(FOLDER), lambda: os.rename(FOLDER, FOLDER + '.moved')):
        try:
            what()
            print('it could')
        except OSError:
            pass
    while True:
        echo(host)


def filling(host):
    """Fills the file system of the folder."""
    echo(host)
    with open(FOLDER + '/full', 'wb') as file:
        while True:
            file.write(b'x' * (1 << 20))


def busy(host):
    """Answers each connection after the first that another host uses the lane."""
    echo(host)
    behind(lambda other: other.sendall(frame(b'B', length=0)))


def mute(host):
    """Sends nothing on each connection after the first."""
    echo(host)
    behind(lambda other: time.sleep(1000))


def behind(meet):
    host.close()
    while True:
        other = accepted()
        try:
            meet(other)
        except OSError:
            pass
        other.close()


def gone(host):
    """Removes its lane without a note of the reason."""
    echo(host)
    remove(LANE)


def linked(host):
    """Makes a hard link to a file of its host at paths that the host reads."""
    for path in (NOTE, LANE + '.reply-8'):
        try:
            os.link('/seen/secret', path)
            print('it could')
        except OSError as error:
            print('linked: %s' % error.strerror)
    echo(host)
    remove(LANE)


CHATTR = os.path.exists('/usr/bin/chattr')
way = globals()[sys.argv[1]]
listening = door()
threading.Thread(target=by_port, daemon=True).start()


def accepted():
    return socket.socket(fileno=listening._accept()[0])


while True:
    host = accepted()
    lent.clear()
    try:
        host.sendall(HELLO)
        way(host)
    except (OSError, EOFError, struct.error) as error:
        print('%s: %s' % (type(error).__name__, error))
    host.close()
