"""The shim against the servers of models.py, from a host's end that is written here once more, in Python."""
import ast
import importlib.util
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SHIM = os.path.join(HERE, '..', '..', 'shim')
FILE = os.path.join(SHIM, 'sitecustomize.py')
HEAD = struct.Struct('<cB2xIQ')
PATIENCE = 30
LARGE = os.urandom(1000) * 3000


def free_port():
    with socket.socket() as sock:
        sock.bind(('127.0.0.1', 0))
        return sock.getsockname()[1]


def until(what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        result = what()
        if result:
            return result
        time.sleep(0.01)
    raise AssertionError('waited in vain')


class Host(object):
    """The host's one connection."""

    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(path)
        self.sequence = 0

    def exact(self, size):
        data = bytearray(size)
        rest = memoryview(data)
        while len(rest):
            got = self.sock.recv_into(rest)
            if not got:
                raise EOFError
            rest = rest[got:]
        return bytes(data)

    def frame(self):
        kind, slot, sequence, length = HEAD.unpack(self.exact(HEAD.size))
        return kind, sequence, self.exact(length) if kind != b'S' else length

    def ask(self, body, header=None):
        self.sequence += 1
        whole = (b'%-10d' % len(body) if header is None else header) + body
        self.sock.sendall(HEAD.pack(b'Q', 0, self.sequence, len(whole)) + whole)

    def reply(self):
        """The parts of a reply up to its end."""
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
        process = subprocess.Popen([sys.executable, os.path.join(HERE, 'models.py'), name, str(self.port)],
                                   env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   preexec_fn=preexec)

        def end():
            process.kill()
            process.communicate()

        self.addCleanup(end)
        self.process = process
        return process

    def host(self):
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
                return socket.create_connection(('127.0.0.1', self.port), PATIENCE)
            except ConnectionRefusedError:
                return None
        return until(connect)

    def plain(self, body):
        """One message over TCP, as if there were no lane."""
        with self.tcp() as sock:
            sock.sendall(b'%-10d' % len(body) + body)
            reply = b''
            while len(reply) < len(body):
                data = sock.recv(65536)
                self.assertTrue(data, 'the connection was closed')
                reply += data
            return reply

    def reason(self):
        until(lambda: os.path.exists(self.path + '.declined'))
        until(lambda: not os.path.exists(self.path))
        with open(self.path + '.declined') as file:
            return file.read()

    def assertAlive(self):
        self.assertIsNone(self.process.poll())


class Serves(LaneCase):
    def test_messages_of_every_size(self):
        for name in ('post', 'closing', 'in_parts', 'careless'):
            with self.subTest(name):
                self.setUp()
                self.start(name)
                host = self.host()
                for size in (1, 3, 4, 4095, 4096, 4097, 8192, 65536, 1000000, 3, 3000000):
                    body = LARGE[:size]
                    self.assertEqual(host.call(body), body[::-1])
                self.assertAlive()
                self.assertEqual(host.sequence, 11)

    def test_another_header_is_the_hosts_business(self):
        self.start('four_bytes')
        host = self.host()
        for body in (b'abc', LARGE):
            self.assertEqual(host.call(body, struct.pack('>I', len(body))), body[::-1])

    def test_messages_may_be_ahead(self):
        self.start('post')
        host = self.host()
        bodies = [b'%d' % i * (i + 1) for i in range(200)]
        for body in bodies:
            host.ask(body)
        for body in bodies:
            self.assertEqual(host.reply(), body[::-1])

    def test_messages_come_cut_anywhere(self):
        self.start('post')
        host = self.host()
        # What is read in one go holds several of them, or a part of one.
        bodies = [b'ab', LARGE[:70000], b'cde', LARGE[:16000], LARGE[:16000], LARGE[:20000]]
        for cut in (1, 15, 16, 17, 27, 28, 29, 44, 45, 65535, 65536, 65537, 70054, 70055, 86085, -1):
            with self.subTest(cut):
                stream = b''
                for body in bodies:
                    host.sequence += 1
                    stream += HEAD.pack(b'Q', 0, host.sequence, 10 + len(body)) + b'%-10d' % len(body) + body
                host.sock.sendall(stream[:cut])
                time.sleep(0.03)    # longer than the model waits for a read
                host.sock.sendall(stream[cut:])
                for body in bodies:
                    self.assertEqual(host.reply(), body[::-1])
        self.assertAlive()

    def test_ends_come_with_the_close_and_else_with_the_next_accept(self):
        for name in ('closing', 'post'):
            with self.subTest(name):
                self.setUp()
                self.start(name)
                host = self.host()
                host.ask(b'abc')
                self.assertEqual(host.frame(), (b'R', 1, b'cba'))
                self.assertEqual(host.frame(), (b'E', 1, b''))

    def test_a_message_without_an_answer(self):
        self.start('careless')
        host = self.host()
        host.ask(b'no')
        self.assertEqual(host.frame(), (b'E', 1, b''))
        self.assertEqual(host.call(b'yes'), b'sey')

    def test_memory(self):
        self.start('post')
        host = self.host()
        open(self.path + '.reply-5', 'wb').close()
        for sequence, body in enumerate((LARGE, b'ab' + LARGE, LARGE[:500000]), 1):
            whole = b'%-10d' % len(body) + body
            mode = 'r+b' if os.path.exists(self.path + '.request-5') else 'wb'
            with open(self.path + '.request-5', mode) as file:
                file.write(whole)
            host.sock.sendall(HEAD.pack(b'M', 5, sequence, len(whole)))
            self.assertEqual(host.frame(), (b'S', sequence, len(body)))
            with open(self.path + '.reply-5', 'rb') as file:
                self.assertEqual(file.read(len(body)), body[::-1])
            self.assertEqual(host.frame(), (b'E', sequence, b''))

    def test_a_reply_goes_by_the_socket_where_the_host_has_made_no_file_for_it(self):
        self.start('post')
        host = self.host()
        victim = os.path.join(self.folder, 'victim')
        for sequence in (1, 2):     # none, and a link where it should be
            whole = b'%-10d' % len(LARGE) + LARGE
            host.sock.sendall(HEAD.pack(b'Q', 5, sequence, len(whole)) + whole)
            self.assertEqual(host.reply(), LARGE[::-1])
            if sequence == 1:
                open(victim, 'wb').close()
                os.symlink(victim, self.path + '.reply-5')
        self.assertEqual(os.path.getsize(victim), 0)

    def test_what_it_says_fits_into_what_the_host_takes(self):
        self.start('post')
        host = self.host()
        host.ask(b'die at length')
        kind, _, text = host.frame()
        self.assertEqual((kind, len(text)), (b'X', 1 << 16))

    def test_memory_that_is_not_there(self):
        self.start('post')
        host = self.host()
        host.sock.sendall(HEAD.pack(b'M', 1, 1, 100))
        kind, taken, text = host.frame()
        self.assertEqual((kind, taken), (b'D', 0))
        self.assertIn(b'cannot be read', text)
        self.assertEqual(self.plain(b'abc'), b'cba')

    def test_an_end_that_was_kept_back_is_said_once_where_the_lane_ends_behind_it(self):
        self.start('post')
        host = self.host()
        host.sock.sendall(HEAD.pack(b'Q', 0, 1, 13) + b'3         abc' + HEAD.pack(b'M', 1, 2, 100))
        self.assertEqual(host.reply(), b'cba')
        self.assertEqual(host.frame()[:2], (b'D', 1))
        self.assertRaises(EOFError, host.frame)

    @unittest.skipUnless(platform.libc_ver()[0] == 'glibc', 'only glibc gives back what is freed')
    def test_memory_for_huge_frames_is_kept_unless_it_is_short(self):
        body, kept = bytes(1 << 26), []
        for option in ('', ',lean'):
            self.setUp()
            self.start('post', NPBRIDGE_LANE='%d%s:%s' % (self.port, option, self.path))
            host = self.host()
            for _ in range(3):
                self.assertEqual(len(host.call(body)), len(body))
            with open('/proc/%d/status' % self.process.pid) as status:
                kept.append(int(status.read().split('VmRSS:')[1].split()[0]))
        self.assertGreater(kept[0], kept[1] + 60000)


class StaysWhole(LaneCase):
    def test_half_a_message_and_a_new_host(self):
        self.start('post')
        for half in (b'', HEAD.pack(b'Q', 0, 1, 100)[:7], HEAD.pack(b'Q', 0, 1, 100), HEAD.pack(b'Q', 0, 1, 100) + b'9' * 50,
                     b'GET / HTTP/1.1\r\n\r\n'):
            host = self.host()
            host.sock.sendall(half)
            host.sock.close()
        self.assertEqual(self.host().call(b'abc'), b'cba')
        self.assertAlive()

    def test_a_host_that_goes_before_its_reply(self):
        self.start('closing')
        for _ in range(5):
            host = self.host()
            host.ask(LARGE)
            host.ask(b'abc')
            host.sock.close()
        self.assertEqual(self.host().call(b'abc'), b'cba')
        self.assertAlive()

    def test_a_signal_in_the_middle(self):
        process = self.start('interrupted')
        host = self.host()
        self.assertEqual(host.call(b'abc'), b'cba')
        process.send_signal(signal.SIGUSR1)     # while it waits: the lane stays
        self.assertEqual(process.stdout.readline(), b'a signal\n')
        self.assertEqual(host.call(b'abc'), b'cba')
        host.sock.sendall(HEAD.pack(b'Q', 0, 3, 100) + b'9' * 50)
        time.sleep(0.1)
        process.send_signal(signal.SIGUSR1)     # in the middle of a message: nobody knows where it was
        self.assertEqual(process.stdout.readline(), b'a signal\n')
        self.assertRaises((EOFError, ConnectionResetError), host.frame)
        self.assertEqual(self.host().call(b'abc'), b'cba')

    def test_a_timer_that_keeps_ticking(self):
        self.start('ticking')
        host = self.host()
        self.assertEqual(host.call(b'abc'), b'cba')     # up to its end, which is said before the model waits
        with self.tcp() as tcp:
            self.assertEqual(tcp.recv(1), b'')          # shown out

    def test_one_host_at_a_time(self):
        self.start('post')
        host = self.host()
        other = Host(self.path)
        self.addCleanup(other.sock.close)
        self.assertEqual(other.frame()[0], b'B')
        self.assertRaises(EOFError, other.frame)
        self.assertEqual(host.call(b'abc'), b'cba')
        host.sock.close()
        self.assertEqual(self.host().call(b'abc'), b'cba')

    def test_callers_by_tcp_are_shown_out(self):
        self.start('post')
        host = self.host()
        reset = struct.pack('ii', 1, 0)
        for sent in (b'', b'3', b'3         a', b'3         abc', b'GET / HTTP/1.1\r\n\r\n', b'-1        '):
            for hard in (False, True):
                with self.tcp() as sock:
                    if hard:
                        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                    sock.sendall(sent)
                    if not hard:
                        try:
                            self.assertEqual(sock.recv(100), b'')
                        except ConnectionResetError:
                            pass
                self.assertEqual(host.call(b'abc'), b'cba')
        self.assertAlive()

    def test_the_host_takes_the_lane_away(self):
        self.start('post')
        until(lambda: os.path.exists(self.path))
        os.unlink(self.path)
        self.assertEqual(self.reason(), 'the host took the lane away')
        self.assertEqual(self.plain(b'abc'), b'cba')

    def test_a_second_process_leaves_the_lane_alone(self):
        self.start('post')
        host = self.host()
        first = self.process
        other = free_port()
        environment = self.environment(NPBRIDGE_LANE='%d:%s' % (other, self.path))
        second = subprocess.Popen([sys.executable, os.path.join(HERE, 'models.py'), 'post', str(other)],
                                  env=environment, stdout=subprocess.PIPE)
        self.addCleanup(second.communicate)
        self.addCleanup(second.kill)
        self.assertEqual(second.stdout.readline(), b'waiting for a connection\n')
        self.assertEqual(host.call(b'abc'), b'cba')
        self.assertIsNone(first.poll())


class Ends(LaneCase):
    def test_what_it_dies_of_comes_before_it_does(self):
        for name in ('post', 'closing', 'four_bytes'):
            with self.subTest(name):
                self.setUp()
                process = self.start(name)
                host = self.host()
                header = struct.pack('>I', 3) if name == 'four_bytes' else None
                self.assertEqual(host.call(b'abc', header), b'cba')
                host.ask(b'die', header)
                if name == 'four_bytes':
                    host.ask(b'abc', header)
                kind, taken, text = host.frame()
                self.assertEqual((kind, taken), (b'X', 2))
                self.assertTrue(text.startswith(b'Traceback'), text)
                self.assertTrue(text.endswith(b'ValueError: cannot take that\n'), text)
                self.assertNotIn(b'sitecustomize', text)
                host.sock.close()   # it is waited for, so that nothing of this is lost
                errors = process.communicate(timeout=PATIENCE)[1]
                self.assertIn(b'ValueError: cannot take that\n', errors)
                self.assertNotIn(b'sitecustomize', errors)
                self.assertEqual(process.returncode, 1)
                self.assertFalse(os.path.exists(self.path))

    def test_an_exit(self):
        process = self.start('post')
        host = self.host()
        host.ask(b'exit')
        self.assertEqual(host.frame(), (b'X', 1, b''))
        self.assertRaises(EOFError, host.frame)     # in the end it goes without
        self.assertEqual(process.wait(PATIENCE), 3)

    def test_a_kill(self):
        process = self.start('post')
        host = self.host()
        self.assertEqual(host.call(b'abc'), b'cba')
        process.send_signal(signal.SIGKILL)
        self.assertRaises(EOFError, host.frame)

    def test_a_stop_signal_ends_it_as_ever(self):
        # A shell's background jobs ignore Ctrl-C, and so do their children: the tests may be one.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.SIG_IGN))
        for number in (signal.SIGTERM, signal.SIGINT):
            self.setUp()
            process = self.start('post', preexec=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            self.host()
            process.send_signal(number)
            process.wait(PATIENCE)
            self.assertEqual(process.returncode, -number)

    def test_a_port_that_is_taken(self):
        with socket.socket() as sock:
            sock.bind(('127.0.0.1', self.port))
            sock.listen(1)
            process = self.start('post')
            errors = process.communicate(timeout=PATIENCE)[1]
            self.assertIn(b'Address already in use', errors)
            self.assertFalse(os.path.exists(self.path))

    def test_a_model_that_starts_over(self):
        self.start('starting_over')
        host = self.host()
        host.ask(b'die')
        self.assertEqual(host.frame(), (b'E', 1, b''))
        self.assertEqual(host.call(b'abc'), b'cba')


class Declines(LaneCase):
    AT_ONCE = {
        'with_asyncio': 'its socket does not wait',
        'threading_tcp_server': 'it asks for its file descriptor',
        'with_select': 'it asks for its file descriptor',
        'with_selectors': 'it asks for its file descriptor',
        'not_waiting': 'its socket does not wait',
        'with_timeout': 'its socket does not wait',
        'accepting_thread': 'it accepts in a thread',
        'listening_thread': 'it listens in a thread',
        'two_sockets': 'it listens on several sockets',
        'forking': 'it forks',
        'forked': 'it listens in a process that it has forked',
        'of_multiprocessing': 'it listens in a process of multiprocessing',
        'duplicating': 'it asks for its file descriptor',
    }
    BEHIND_ONE = {
        'threads': None,            # one of two, as its threads happen to run
        'pool': 'it uses recv of a connection',
        'forking_each': 'it forks',
        'forking_aside': 'it forks',
        'file_like': 'it uses makefile of a connection',
        'polling': 'it uses fileno of a connection',
    }

    def test_what_is_unfamiliar_as_it_listens(self):
        for name, reason in self.AT_ONCE.items():
            with self.subTest(name):
                self.setUp()
                self.start(name)
                self.assertEqual(self.plain(b'abc'), b'cba')
                self.assertEqual(self.plain(LARGE), LARGE[::-1])
                self.assertEqual(self.reason(), reason)
                self.assertAlive()

    def test_a_process_that_was_forked_leaves_the_lane_to_the_first(self):
        process = self.start('forked_and_listening')
        host = self.host()
        self.assertEqual(process.stdout.readline(), b'listened\n')
        self.assertFalse(os.path.exists(self.path + '.declined'))
        self.assertEqual(host.call(b'abc'), b'cba')

    def test_ssl(self):
        self.start('with_ssl')
        self.assertEqual(self.reason(), 'it asks for its file descriptor')
        with self.tcp() as sock:
            sock.sendall(b'GET / HTTP/1.1\r\n\r\n')
            try:
                self.assertNotEqual(sock.recv(100)[:1], b'H')
            except ConnectionResetError:
                pass
        self.assertAlive()

    def test_what_is_unfamiliar_in_a_message_is_answered_all_the_same(self):
        for name, reason in self.BEHIND_ONE.items():
            with self.subTest(name):
                self.setUp()
                self.start(name)
                host = self.host()
                host.ask(LARGE)
                reply, told = b'', []
                while len(reply) < len(LARGE):
                    kind, taken, data = host.frame()
                    if kind == b'R':
                        reply += data
                    else:
                        told.append((kind, taken, data.decode()))
                self.assertEqual(reply, LARGE[::-1])
                self.assertEqual(self.plain(LARGE), LARGE[::-1])
                # The post's kind has closed the connection by now, as it accepted the next one.
                while ('E', 1) not in [(kind.decode(), taken) for kind, taken, _ in told]:
                    kind, taken, data = host.frame()
                    told.append((kind, taken, data.decode()))
                self.assertEqual([frame for frame in told if frame[0] != b'E'], [(b'D', 1, self.reason())])
                if reason:
                    self.assertEqual(self.reason(), reason)
                self.assertRaises(EOFError, host.frame)
                self.assertAlive()

    def test_while_messages_flow_none_is_lost_or_answered_twice(self):
        for _ in range(8):
            self.setUp()
            self.start('forking_in_a_thread')
            host = self.host()
            host.ask(b'1')
            answered, taken = [], None
            while taken is None or len(answered) < taken:
                if taken is None:
                    try:
                        host.ask(b'%d' % (host.sequence + 1))   # behind the one that it has
                    except BrokenPipeError:
                        pass            # what it said before that comes all the same
                kind, sequence, data = host.frame()
                while kind == b'E':
                    self.assertEqual(sequence, len(answered))
                    kind, sequence, data = host.frame()
                if kind == b'D':
                    taken = sequence
                else:
                    answered.append(sequence)
                    self.assertEqual((kind, data), (b'R', str(sequence)[::-1].encode()))
            self.assertEqual(answered, list(range(1, taken + 1)))
            self.assertEqual(self.plain(b'abc'), b'cba')
            self.assertAlive()

    def test_a_host_that_waits_at_the_door_is_told(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(self.path)   # of a model that was killed
        script = textwrap.dedent('''
            import socket, sys, time
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            print('listening', flush=True)
            input()
            sock.fileno()
            input()
        ''')
        process = self.process = subprocess.Popen(
            [sys.executable, '-c', script, str(self.port)], env=self.environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertEqual(process.stdout.readline(), b'listening\n')
        host = Host(self.path)
        self.addCleanup(host.sock.close)
        process.stdin.write(b'\n')
        process.stdin.flush()
        self.assertEqual(host.frame(), (b'D', 0, b'it asks for its file descriptor'))
        self.assertRaises(EOFError, host.frame)


class StaysOut(LaneCase):
    def python(self, script, *arguments, **more):
        return subprocess.run([sys.executable, '-c', textwrap.dedent(script)] + list(arguments),
                              env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)

    def check(self, script, *arguments):
        done = self.python(script, *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, b''), done.stderr)
        self.assertEqual(os.listdir(self.folder), [])
        return done.stdout

    def test_sockets_that_are_not_the_models(self):
        self.check('''
            import os, socket, threading
            for family, name in (socket.AF_INET, ('127.0.0.1', 0)), (socket.AF_UNIX, '\\0np%d' % os.getpid()):
                server = socket.socket(family)
                server.bind(name)
                server.listen(5)
                assert type(server) is socket.socket
                client = socket.socket(family)
                client.connect(server.getsockname())
                connection = server.accept()[0]
                assert type(connection) is socket.socket
                client.sendall(b'x' * 100)
                assert connection.recv(1000) == b'x' * 100
                server.fileno(), server.detach()
            socket.create_server(('127.0.0.1', 0)).close()
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(('127.0.0.1', 0))
        ''')

    def test_children_and_pools(self):
        script = '''
            import concurrent.futures, multiprocessing, os, subprocess, sys
            def double(x):
                return 2 * x
            if __name__ == '__main__':
                for method in multiprocessing.get_all_start_methods():
                    with multiprocessing.get_context(method).Pool(2) as pool:
                        assert pool.map(double, range(5)) == [0, 2, 4, 6, 8]
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    assert list(pool.map(double, range(3))) == [0, 2, 4]
                assert subprocess.check_output([sys.executable, '-c', 'print(1)']) == b'1\\n'
                if os.fork() == 0:
                    os._exit(0)
                os.wait()
        '''
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, 'script.py')
            with open(file, 'w') as out:
                out.write(textwrap.dedent(script))
            done = subprocess.run([sys.executable, file], env=self.environment(), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)
        self.assertEqual((done.returncode, done.stdout), (0, b''), done.stderr)
        self.assertNotIn(b'rror', done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_modules_that_are_programs(self):
        for module in (['pip', '--version'], ['json.tool', '--help'], ['timeit', '-n1', '-r1', 'pass'], ['compileall', '-h']):
            if importlib.util.find_spec(module[0].split('.')[0]) is None:
                continue
            done = subprocess.run([sys.executable, '-m'] + module, env=self.environment(), stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, timeout=60)
            self.assertEqual((done.returncode, done.stderr), (0, b''), done.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_the_path_is_as_if_we_were_not_there(self):
        script = 'import sys, os; print(sys.path, sorted(sys.modules))'
        ours = self.python(script).stdout
        theirs = subprocess.run([sys.executable, '-c', script], env=dict(self.environment(), PYTHONPATH=''),
                                stdout=subprocess.PIPE).stdout
        self.assertEqual(ours.split(b']')[0], theirs.split(b']')[0])

    def test_children_of_the_model_know_nothing_of_it(self):
        done = self.python('''
            import os, socket, subprocess, sys
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            assert isinstance(sock, socket.socket) and repr(sock).startswith('<socket.socket fd='), repr(sock)
            assert os.path.exists(sys.argv[2])
            print(os.environ.get('PYTHONPATH'), 'NPBRIDGE_LANE' in os.environ)
        ''', str(self.port), self.path)
        self.assertEqual((done.stdout, done.stderr), (b'None False\n', b''))
        self.assertEqual(os.listdir(self.folder), [])

    def test_unbuffered_output_goes_out_line_by_line(self):
        script = '''
            import os, socket, sys
            print('before')
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            # A pipe that keeps messages apart: what is read at once was written at once.
            a, b = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            os.dup2(b.fileno(), 1)
            print('a', 1, 'line')
            print('half of one', end='')
            print(', and the other half')
            print('the last, without an end', end='')
            sys.stdout.flush()
            sys.stderr.write(repr([a.recv(100) for _ in range(3)]))
        '''
        expected = [b'a 1 line\n', b'half of one, and the other half\n', b'the last, without an end']
        done = self.python(script, str(self.port), self.path, PYTHONUNBUFFERED='1')
        self.assertEqual((done.stdout, done.stderr), (b'before\n', repr(expected).encode()))

    def test_unbuffered_last_words_are_not_kept_back(self):
        script = '''
            import os, signal, socket, sys
            sock = socket.socket()
            sock.bind(('127.0.0.1', int(sys.argv[1])))
            sock.listen(1)
            sys.stderr.write('in code that is not Python ...')
            os.kill(os.getpid(), signal.SIGKILL)
        '''
        done = self.python(script, str(self.port), PYTHONUNBUFFERED='1')
        self.assertEqual((done.returncode, done.stderr), (-signal.SIGKILL, b'in code that is not Python ...'))

    def test_output_that_is_closed_is_no_matter(self):
        for what in ('sys.stdout.close()', 'sys.stdout.detach()', 'del sys.stdout', 'sys.stdout = None'):
            self.setUp()
            script = '''
                import os, socket, sys
                %s
                sock = socket.socket()
                sock.bind(('127.0.0.1', int(sys.argv[1])))
                sock.listen(1)
                sys.stderr.write(type(sock).__name__)
                sys.stderr.flush()
                os._exit(0)
            ''' % what
            done = self.python(script, str(self.port), PYTHONUNBUFFERED='1')
            self.assertEqual((what, done.stderr), (what, b'Listening'))

    def test_another_sitecustomize_is_run_and_found(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, 'sitecustomize.py'), 'w') as file:
                file.write('print(__file__)')
            done = self.python('import sitecustomize; print(sitecustomize.__file__)',
                               PYTHONPATH=SHIM + os.pathsep + folder)
            theirs = os.path.join(folder, 'sitecustomize.py')
            self.assertEqual(done.stdout.decode().split(), [theirs, theirs], done.stderr)

    def test_settings_that_are_none(self):
        for setting in ('', '6000', ':x', 'x:y', '6000:', '6000,:', '6000,fat:x'):
            done = self.python('import socket; assert "listen" not in vars(socket.socket)', NPBRIDGE_LANE=setting)
            self.assertEqual((done.returncode, done.stderr), (0, b''))

class Source(unittest.TestCase):
    def test_it_is_python_3_8(self):
        with open(FILE) as file:
            ast.parse(file.read(), feature_version=(3, 8))

    def test_a_view_of_the_whole_goes_only_where_nobody_can_tell(self):
        spec = importlib.util.spec_from_file_location('shim', FILE)
        shim = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(shim)
        seen = []

        class Connection(object):
            def recv(self, size):
                seen.append(shim.shows_only_writes(sys._getframe(1)))
                return b'x'

        tries = [
            (True, 'data = c.recv(4096)\nfull.write(data)'),
            (True, 'while n < 1:\n    data = c.recv(4096)\n    full.write(data)\n    n += 1'),
            (True, 'data = c.recv(1)\nfull.write(data)\ndata = c.recv(1)\nfull.write(data)'),
            (False, 'data = c.recv(4096)\nfull.write(data)\nn += len(data)'),
            (False, 'data = c.recv(4096)\nif data:\n    full.write(data)'),
            (False, 'data = c.recv(4096)\nn = full.write(data)'),
            (False, 'data = c.recv(4096)\nkeep.append(data)'),
            (False, 'data = c.recv(4096)\nother.write(data)'),
            (False, 'data = c.recv(4096)'),
            (False, 'data += c.recv(4096)\nfull.write(data)'),
            (False, 'a = data = c.recv(4096)\nfull.write(data)'),
            (False, 'a, = c.recv(4096)\nfull.write(b"")'),
            (False, 'full.write(c.recv(4096))'),
            (False, 'data = c.recv(4096)[:1]\nfull.write(data)'),
        ]
        start = 'import io\nfull, other, keep, n, data = io.BytesIO(), Anything(), [], 0, b""\n'
        with tempfile.TemporaryDirectory() as folder:
            for i, (expected, lines) in enumerate(tries):
                module = start + lines + '\n'
                shared = module + 'def g():\n    nonlocal data\n'
                forms = [(expected, module)]
                for sure, body in (expected, module), (False, shared):
                    forms.append((sure, 'def f():\n' + textwrap.indent(body, '    ') + 'f()\n'))
                for form, (sure, text) in enumerate(forms):
                    file = os.path.join(folder, '%d-%d.py' % (i, form))
                    with open(file, 'w') as out:
                        out.write(text)
                    del seen[:]
                    anything = type('Anything', (), {'write': lambda self, data: None})
                    exec(compile(text, file, 'exec'), {'c': Connection(), 'Anything': anything})
                    self.assertEqual(set(seen), {sure}, text)

    def test_without_a_source_nothing_is_assumed(self):
        spec = importlib.util.spec_from_file_location('shim', FILE)
        shim = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(shim)
        self.assertFalse(shim.shows_only_writes(sys._getframe()))
        seen = []
        exec('import io\nfull = io.BytesIO()\ndata = c.recv(1)\nfull.write(data)', {
            'c': type('C', (), {'recv': lambda self, size: seen.append(shim.shows_only_writes(sys._getframe(1))) or b'x'})()})
        self.assertEqual(seen, [False])


if __name__ == '__main__':
    unittest.main()
