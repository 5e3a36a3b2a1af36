"""A model that the shim recognises gets requests and sends replies of every size, by the socket and through files."""
import os
import platform
import struct
import time
import unittest

from lane_case import HEAD, LARGE, LaneCase


class Requests(LaneCase):
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

    def test_requests_may_be_sent_ahead(self):
        self.start('post')
        host = self.host()
        bodies = [b'%d' % i * (i + 1) for i in range(200)]
        for body in bodies:
            host.ask(body)
        for body in bodies:
            self.assertEqual(host.reply(), body[::-1])

    def test_requests_may_arrive_cut_anywhere(self):
        self.start('post')
        host = self.host()
        # One read brings several requests, or a part of one.
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

    def test_a_reply_ends_with_the_close_or_with_the_next_accept(self):
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

    def test_a_request_and_its_reply_in_lent_files(self):
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

    def test_a_reply_goes_by_the_socket_if_no_file_was_lent_for_it(self):
        self.start('post')
        host = self.host()
        victim = os.path.join(self.folder, 'victim')
        for sequence in (1, 2):     # first no file, then a link in its place
            whole = b'%-10d' % len(LARGE) + LARGE
            host.sock.sendall(HEAD.pack(b'Q', 5, sequence, len(whole)) + whole)
            self.assertEqual(host.reply(), LARGE[::-1])
            if sequence == 1:
                open(victim, 'wb').close()
                os.symlink(victim, self.path + '.reply-5')
        self.assertEqual(os.path.getsize(victim), 0)

    def test_a_long_traceback_is_cut_to_what_the_host_takes(self):
        self.start('post')
        host = self.host()
        host.ask(b'die at length')
        kind, _, text = host.frame()
        self.assertEqual((kind, len(text)), (b'X', 1 << 16))

    def test_a_lent_file_that_does_not_exist(self):
        self.start('post')
        host = self.host()
        host.sock.sendall(HEAD.pack(b'M', 1, 1, 100))
        kind, taken, text = host.frame()
        self.assertEqual((kind, taken), (b'D', 0))
        self.assertIn(b'cannot be read', text)
        self.assertEqual(self.plain(b'abc'), b'cba')

    def test_a_deferred_end_is_sent_once_if_the_lane_declines_after_it(self):
        self.start('post')
        host = self.host()
        host.sock.sendall(HEAD.pack(b'Q', 0, 1, 13) + b'3         abc' + HEAD.pack(b'M', 1, 2, 100))
        self.assertEqual(host.reply(), b'cba')
        self.assertEqual(host.frame()[:2], (b'D', 1))
        self.assertRaises(EOFError, host.frame)

    @unittest.skipUnless(platform.libc_ver()[0] == 'glibc', 'only glibc gives back what is freed')
    def test_memory_of_huge_frames_is_kept_unless_lean(self):
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
