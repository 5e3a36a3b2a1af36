"""Models that the shim does not recognise: it writes the reason and leaves them unchanged, and no message is lost."""
import os
import socket
import subprocess
import sys
import textwrap

from lane_case import LARGE, Host, LaneCase


class Declining(LaneCase):
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
        'threads': None,            # the reason depends on which thread runs first
        'pool': 'it uses recv of a connection',
        'forking_each': 'it forks',
        'forking_aside': 'it forks',
        'file_like': 'it uses makefile of a connection',
        'polling': 'it uses fileno of a connection',
    }

    def test_models_that_are_declined_as_they_listen(self):
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

    def test_models_that_are_declined_inside_a_request_still_answer_it(self):
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
                # A model that does not close its connection ends the reply when it accepts the next one.
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
                        host.ask(b'%d' % (host.sequence + 1))   # while the model has another
                    except BrokenPipeError:
                        pass            # frames that the model sent before can still be read
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

    def test_a_host_that_was_not_accepted_is_told(self):
        with socket.socket(socket.AF_UNIX) as stale:
            stale.bind(self.path)   # as a killed model leaves it
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

    def test_a_host_that_was_not_accepted_is_told_that_its_requests_were_not_taken(self):
        process = self.start('forking_behind_a_file')
        first = self.host()
        self.assertEqual(first.call(b'abc'), b'cba')
        file = os.path.join(self.folder, 'file')
        first.ask(file.encode())
        self.assertEqual(process.stdout.readline(), b'waits for the file\n')
        second = Host(self.path)
        self.addCleanup(second.sock.close)
        open(file, 'wb').close()
        self.assertEqual(first.frame()[:2], (b'D', 2))
        self.assertEqual(second.frame()[:2], (b'D', 0))
