"""Files in the lane's folder that the host lends for large messages: from one a request is read, into another its reply is written.

The host creates both files, and only the host changes their size. A slot is the number of such a pair.
"""
import os


class UnreadableRequest(Exception):
    """The file of a request cannot be mapped, or is too short."""


class LentFiles(object):
    """The files that one host lends."""

    def __init__(self, path):
        self.path = path
        self.requests = {}          # views of the mapped files of requests, by slot

    def request(self, slot, length):
        """Returns a read-only view of the first `length` bytes of the slot's request file. Raises UnreadableRequest."""
        view = self.requests.get(slot)
        if view is None or len(view) < length:
            try:
                view = self.requests[slot] = mapped('%s.request-%d' % (self.path, slot))
            except (OSError, ValueError, ImportError) as error:
                raise UnreadableRequest(error)
            if len(view) < length:
                raise UnreadableRequest('it holds %d bytes: expected %d' % (len(view), length))
        return view[:length]

    def write_reply(self, slot, view):
        """Writes a reply into the slot's reply file. Raises OSError, also if there is a link in place of the file."""
        fd = os.open('%s.reply-%d' % (self.path, slot), os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            written = 0
            while written < len(view):
                written += os.pwrite(fd, view[written:], written)
        finally:
            os.close(fd)


def mapped(path):
    """Returns a read-only view of a whole file. The mapping lasts as long as the view."""
    import mmap
    with open(path, 'rb') as file:
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
