"""Files in the lane's folder that the host lends for large messages: one to read a request from, one to write its reply to.

The host makes both files, and only the host changes their size. A slot is the number of such a pair.
"""
import os


class UnreadableRequest(Exception):
    """The file that should hold a request cannot be mapped, or is too short."""


class LentFiles(object):
    """The files that one host lends."""

    def __init__(self, path):
        self.path = path
        self.requests = {}          # mapped files of requests, by slot

    def request(self, slot, length):
        """Returns a read-only view of the first `length` bytes of a slot's request. Raises UnreadableRequest."""
        view = self.requests.get(slot)
        if view is None or len(view) < length:
            try:
                view = self.requests[slot] = mapped('%s.request-%d' % (self.path, slot))
            except (OSError, ValueError, ImportError) as error:
                raise UnreadableRequest(error)
            if len(view) < length:
                raise UnreadableRequest('it holds %d bytes of %d' % (len(view), length))
        return view[:length]

    def write_reply(self, slot, view):
        """Writes a reply into the file that the host has made for it. Raises OSError, also if a link is in its place."""
        fd = os.open('%s.reply-%d' % (self.path, slot), os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            written = 0
            while written < len(view):
                written += os.pwrite(fd, view[written:], written)
        finally:
            os.close(fd)


def mapped(path):
    """Returns a read-only view of a whole file, which stays valid while the view does."""
    import mmap
    with open(path, 'rb') as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
