"""Loads the shim into a Python model. Python imports this file before the model because its folder is on PYTHONPATH.

Every Python that inherits PYTHONPATH runs this file, whatever its version: the file must stay valid in Python 2, fast, and
silent. The shim itself is the package npbridge_shim. It is imported only in Python 3.8 or later, and only if NPBRIDGE_LANE is
set. Afterwards the sitecustomize module that this file hides is run, if there is one.
"""
import os
import sys

SETTING = 'NPBRIDGE_LANE'
FOLDER = os.path.dirname(os.path.abspath(__file__))


def install():
    setting = os.environ.get(SETTING)
    if setting and sys.version_info >= (3, 8):
        import npbridge_shim
        npbridge_shim.install(setting)


def run_hidden():
    """Imports the next sitecustomize module on the path. From here on the path is as it would be without the shim."""
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != FOLDER]
    this = sys.modules.pop('sitecustomize')
    try:
        import sitecustomize
    except ImportError as error:
        if getattr(error, 'name', 'sitecustomize') != 'sitecustomize':
            raise
    finally:
        sys.modules.setdefault('sitecustomize', this)


if __name__ == 'sitecustomize':
    try:
        install()
    finally:
        run_hidden()
