"""The shim analyses a model's source: in some forms of code recv may return more than was asked for, and in others it may not."""
import os
import sys
import tempfile
import textwrap
import unittest

from lane_case import SHIM

sys.path.append(SHIM)
from npbridge_shim.recv_analysis import only_written


class RecvAnalysis(unittest.TestCase):
    def test_only_bytes_that_are_written_and_not_used_otherwise_may_exceed_the_size(self):
        seen = []

        class Connection(object):
            def recv(self, size):
                seen.append(only_written(sys._getframe(1)))
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

    def test_without_a_source_recv_keeps_to_the_size(self):
        self.assertFalse(only_written(sys._getframe()))
        seen = []
        exec('import io\nfull = io.BytesIO()\ndata = c.recv(1)\nfull.write(data)', {
            'c': type('C', (), {'recv': lambda self, size: seen.append(only_written(sys._getframe(1))) or b'x'})()})
        self.assertEqual(seen, [False])
