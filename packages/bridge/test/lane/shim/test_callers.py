"""Hosts and other callers leave too early, connect too late or send invalid bytes, and the model survives."""
import os
import signal
import socket
import struct
import subprocess
import sys
import time

from lane_case import HEAD, LARGE, MODELS, Host, LaneCase, free_port, until


class Callers(LaneCase):
    def test_half_a_message_and_a_new_host(self):
        self.start('post')
        for half in (b'', HEAD.pack(b'Q', 0, 1, 100)[:7], HEAD.pack(b'Q', 0, 1, 100), HEAD.pack(b'Q', 0, 1, 100) + b'9' * 50,
                     b'GET / HTTP/1.1\r\n\r\n'):
            host = self.host()
            host.sock.sendall(half)
            host.sock.close()
        self.assertEqual(self.host().call(b'abc'), b'cba')
        self.assertAlive()

    def test_a_host_that_hangs_up_before_its_reply(self):
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
        process.send_signal(signal.SIGUSR1)     # the model waits: the lane stays open
        self.assertEqual(process.stdout.readline(), b'a signal\n')
        self.assertEqual(host.call(b'abc'), b'cba')
        host.sock.sendall(HEAD.pack(b'Q', 0, 3, 100) + b'9' * 50)
        time.sleep(0.1)
        process.send_signal(signal.SIGUSR1)     # the model is inside a request: the stream cannot be resumed
        self.assertEqual(process.stdout.readline(), b'a signal\n')
        self.assertRaises((EOFError, ConnectionResetError), host.frame)
        self.assertEqual(self.host().call(b'abc'), b'cba')

    def test_a_timer_that_keeps_ticking(self):
        self.start('ticking')
        host = self.host()
        self.assertEqual(host.call(b'abc'), b'cba')     # with its END frame, which is sent before the model waits
        with self.tcp() as tcp:
            self.assertEqual(tcp.recv(1), b'')          # accepted and closed

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

    def test_callers_by_tcp_are_closed(self):
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
        self.assertEqual(self.reason(), 'the host removed the socket of the lane')
        self.assertEqual(self.plain(b'abc'), b'cba')

    def test_a_second_process_leaves_the_lane_alone(self):
        self.start('post')
        host = self.host()
        first = self.process
        other = free_port()
        environment = self.environment(NPBRIDGE_LANE='%d:%s' % (other, self.path))
        second = subprocess.Popen([sys.executable, MODELS, 'post', str(other)],
                                  env=environment, stdout=subprocess.PIPE)
        self.addCleanup(second.communicate)
        self.addCleanup(second.kill)
        self.assertEqual(second.stdout.readline(), b'waiting for a connection\n')
        self.assertEqual(host.call(b'abc'), b'cba')
        self.assertIsNone(first.poll())
