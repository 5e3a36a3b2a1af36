"""Every supported Python can parse the shim's files, and no Python writes files beside them."""
import ast
import os
import subprocess
import sys
import unittest

from lane_case import SHIM

SOURCES = [os.path.join(folder, name) for folder, _, names in os.walk(SHIM) for name in names if name.endswith('.py')]


class Sources(unittest.TestCase):
    def test_the_package_is_python_3_8(self):
        self.assertGreater(len(SOURCES), 10)
        for source in SOURCES:
            with open(source) as file:
                ast.parse(file.read(), source, feature_version=(3, 8))

    def test_the_entry_is_for_every_python(self):
        with open(os.path.join(SHIM, 'sitecustomize.py')) as file:
            ast.parse(file.read(), feature_version=(3, 4))      # the oldest version that `ast` can parse

    def test_python_writes_no_compiled_code_beside_them(self):
        before = sorted(os.walk(SHIM))
        environment = dict(os.environ, PYTHONPATH=SHIM, NPBRIDGE_LANE='6000:/nowhere/lane.sock')
        environment.pop('PYTHONDONTWRITEBYTECODE', None)
        environment.pop('PYTHONPYCACHEPREFIX', None)
        script = 'import sys; assert "npbridge_shim.lane" in sys.modules and not sys.dont_write_bytecode'
        subprocess.run([sys.executable, '-c', script], env=environment, check=True)
        self.assertEqual(sorted(os.walk(SHIM)), before)
