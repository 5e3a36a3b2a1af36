"""The lane's two files in the shared folder: the Unix socket that hosts connect to, and the note that replaces it.

    lane.sock               exists while the model can be reached through the lane
    lane.sock.declined      the note: says why the lane has ended
"""
import _socket
import os
import socket


class HostListener(object):
    """The Unix socket that hosts connect to."""

    def __init__(self, path):
        """Listens at `path`. Raises OSError if another process listens there, or if the folder is not writable."""
        self.path = path
        if is_answered(path):
            raise OSError('another process listens on its socket')
        if os.path.lexists(path + '.declined'):
            os.unlink(path + '.declined')
        new = path + '.new'
        if os.path.lexists(new):
            os.unlink(new)
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(None)
        self.sock.bind(new)
        os.chmod(new, 0o666)        # the host may be another user; the folder's own permissions say who may enter
        _socket.socket.listen(self.sock, 8)
        # The socket gets its name once hosts can connect. It replaces the socket of a model that was killed.
        os.rename(new, path)

    def fileno(self):
        return self.sock.fileno()

    def accept(self):
        """Returns the socket of the next host."""
        return self.sock.accept()[0]

    def close(self, farewell):
        """Removes the socket. Hosts that have connected and were not accepted are sent `farewell`, a whole frame."""
        self.sock.setblocking(False)
        try:
            os.unlink(self.path)
            while True:
                waiting = self.accept()
                waiting.setblocking(False)
                waiting.send(farewell)
                waiting.close()
        except OSError:
            pass
        self.sock.close()


def is_answered(path):
    """Returns True if a process listens on the Unix socket at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(None)
        try:
            probe.connect(path)
        except OSError:
            return False
        return True


def write_note(path, reason):
    """Writes the reason why the lane at `path` has ended. If there is no note, the host finds neither file and uses the port."""
    try:
        with open(path + '.new', 'wb') as note:
            note.write(reason)
        os.rename(path + '.new', path + '.declined')
    except OSError:
        pass
