"""A model ends by an error, an exit or a signal: its host gets the traceback and the reason if they are known."""
import os
import signal
import socket
import struct

from lane_case import LIMIT_S, LaneCase


class Endings(LaneCase):
    def test_the_traceback_is_sent_before_the_model_ends(self):
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
                self.assertNotIn(b'npbridge', text)
                host.sock.close()   # the model waits for that, so that no host misses the traceback
                errors = process.communicate(timeout=LIMIT_S)[1]
                self.assertIn(b'ValueError: cannot take that\n', errors)
                self.assertNotIn(b'npbridge', errors)
                self.assertEqual(process.returncode, 1)
                self.assertFalse(os.path.exists(self.path))

    def test_an_exit(self):
        process = self.start('post')
        host = self.host()
        host.ask(b'exit')
        self.assertEqual(host.frame(), (b'X', 1, b''))
        self.assertRaises(EOFError, host.frame)     # the model ends though the host stays connected
        self.assertEqual(process.wait(LIMIT_S), 3)

    def test_a_kill(self):
        process = self.start('post')
        host = self.host()
        self.assertEqual(host.call(b'abc'), b'cba')
        process.send_signal(signal.SIGKILL)
        self.assertRaises(EOFError, host.frame)

    def test_a_stop_signal_ends_the_model_as_without_the_shim(self):
        # The tests may run as a background job of a shell, whose children ignore Ctrl-C.
        self.addCleanup(signal.signal, signal.SIGINT, signal.signal(signal.SIGINT, signal.SIG_IGN))
        for number in (signal.SIGTERM, signal.SIGINT):
            self.setUp()
            process = self.start('post', preexec=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            self.host()
            process.send_signal(number)
            process.wait(LIMIT_S)
            self.assertEqual(process.returncode, -number)

    def test_a_port_that_is_taken(self):
        with socket.socket() as sock:
            sock.bind(('127.0.0.1', self.port))
            sock.listen(1)
            process = self.start('post')
            errors = process.communicate(timeout=LIMIT_S)[1]
            self.assertIn(b'Address already in use', errors)
            self.assertFalse(os.path.exists(self.path))

    def test_a_model_that_catches_its_error_and_listens_again(self):
        self.start('starting_over')
        host = self.host()
        host.ask(b'die')
        self.assertEqual(host.frame(), (b'E', 1, b''))
        self.assertEqual(host.call(b'abc'), b'cba')
