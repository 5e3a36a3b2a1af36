"""The connection of the lane's host: it reads requests ahead, and writes frames.

Nothing in this file knows the model's sockets, or decides when the next request is taken.
"""
import _signal
import socket
import struct

from .frames import BUSY, HEAD, HELLO, REPLY, REPLY_IN_FILE, REQUEST, REQUEST_IN_FILE, text_frame
from .lent_files import LentFiles

READ_AHEAD_BYTES = 1 << 16          # a read asks for this much, in which several requests may arrive, …
SMALL_BYTES = 1 << 14               # … as long as requests are no larger than this
JOIN_BYTES = 1 << 14                # up to this size a payload is copied behind its head, which is faster than two buffers
LENT_REPLY_BYTES = 1 << 18          # from this size on a reply goes through a file, if the host lends one
READ_TIMEOUT_US = 1000              # how long a read waits before the end of the last reply is sent: one kernel tick
TIMEVAL = struct.Struct('ll')


class Host(object):
    """One host, from the moment at which it connects to the end of its connection."""

    def __init__(self, sock, path, lock):
        """`path` is the lane's socket. `lock` is held while a frame is written, so that frames of two threads do not mix."""
        self.sock, self.lock = sock, lock
        self.files = LentFiles(path)
        self.closed = False
        self.taken = 0              # the sequence of the last request that the model took
        # An END frame that is sent together with the next frame, or before the lane waits. Sent alone, it would wake the host a
        # second time for one reply.
        self.deferred_end = b''
        self.use_buffer(bytearray(READ_AHEAD_BYTES))
        self.position = self.ahead = 0      # where the bytes behind the last request are in the buffer, and how many there are
        self.read_size = READ_AHEAD_BYTES
        self.read_flags = 0
        sock.settimeout(None)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, TIMEVAL.pack(0, READ_TIMEOUT_US))
            self.avoid_interrupted_reads()
        except (OSError, AttributeError):
            self.read_flags = socket.MSG_DONTWAIT   # this system's timeval has another layout

    def use_buffer(self, buffer):
        self.buffer, self.readable = buffer, memoryview(buffer).toreadonly()

    def fileno(self):
        return self.sock.fileno()

    def close(self):
        self.closed, self.deferred_end = True, b''
        self.sock.close()

    # ---- requests

    def avoid_interrupted_reads(self):
        """Makes reads return at once if the model has a repeating timer, each tick of which restarts the wait of a `recv`."""
        if _signal.getitimer(_signal.ITIMER_REAL)[1] > 0:
            self.read_flags = socket.MSG_DONTWAIT

    def receive(self):
        """Returns (slot, sequence, message) of the next request; None if none arrived within READ_TIMEOUT_US.

        The message is a view of memory that the next call overwrites. Raises EOFError if the host has closed the connection
        or sent anything but a request, OSError if the connection was lost, and UnreadableRequest.
        """
        buffer, ahead = self.buffer, self.ahead
        if ahead:
            buffer[:ahead] = buffer[self.position:self.position + ahead]
        else:
            buffer[0] = 0           # no frame begins with 0: see is_inside_request
            try:
                ahead = self.sock.recv_into(buffer, self.read_size, self.read_flags)
            except BlockingIOError:
                return None
            if ahead == 0:
                raise EOFError
        if ahead < HEAD.size:
            self.fill(ahead, HEAD.size)
            ahead = HEAD.size
        kind, slot, sequence, length = HEAD.unpack_from(buffer)
        if kind == REQUEST:
            end = HEAD.size + length
            if ahead < end:
                if len(buffer) < end:
                    self.use_buffer(bytearray(end))
                    self.buffer[:ahead] = buffer[:ahead]
                self.fill(ahead, end)
                ahead = end
            message = self.readable[HEAD.size:end]
        elif kind == REQUEST_IN_FILE:
            end = HEAD.size
            message = self.files.request(slot, length)
        else:
            raise EOFError
        self.position, self.ahead = end, ahead - end
        # A large request is usually followed by another. If its beginning were read ahead, it would be copied once more.
        self.read_size = READ_AHEAD_BYTES if length <= SMALL_BYTES else HEAD.size
        return slot, sequence, message

    @property
    def is_inside_request(self):
        """True if an interrupted `receive` may have read a part of a request, so that the stream cannot be resumed."""
        return self.buffer[0] != 0

    def fill(self, start, end):
        """Reads until the first `end` bytes of the buffer are filled, of which `start` are there."""
        view = memoryview(self.buffer)[start:end]
        while len(view) > 0:
            try:
                count = self.sock.recv_into(view, 0, socket.MSG_WAITALL)
            except BlockingIOError:
                continue            # the host pauses in the middle of a request
            if count == 0:
                raise EOFError
            view = view[count:]

    # ---- frames

    def send(self, *parts):
        """Writes parts of frames, and the deferred end before them. Only the last part may be large.

        If that fails, closes the connection. Does nothing if the connection is closed.
        """
        if self.closed:
            return
        if self.deferred_end:
            parts, self.deferred_end = (self.deferred_end,) + parts, b''
        try:
            with self.lock:
                if len(parts[-1]) <= JOIN_BYTES:
                    self.sock.sendall(b''.join(parts))
                    return
                sent = self.sock.sendmsg(parts)
                for part in parts:
                    if sent < len(part):
                        self.sock.sendall(memoryview(part)[sent:])
                    sent = max(0, sent - len(part))
        except OSError:
            self.close()

    def flush(self):
        """Sends the deferred end, if there is one."""
        if self.deferred_end:
            self.send()

    def send_hello(self, pid, version):
        text = '{"lane":1,"pid":%d,"python":"%d.%d.%d"}' % ((pid,) + tuple(version[:3]))
        self.send(text_frame(HELLO, 0, text.encode()))

    def send_reply(self, slot, sequence, data, is_first):
        """Sends a part of a reply: in the slot's file if it is large and the first part, otherwise in a frame."""
        if len(data) >= LENT_REPLY_BYTES and slot and is_first:
            try:
                self.files.write_reply(slot, memoryview(data))
            except OSError:
                pass                # no file was lent, or there is no room for it
            else:
                self.send(HEAD.pack(REPLY_IN_FILE, slot, sequence, len(data)))
                return
        self.send(HEAD.pack(REPLY, 0, sequence, len(data)), data)

    def wait_for_hang_up(self, seconds):
        """Waits until the host has closed its end. Raises OSError if it has not within so many seconds."""
        self.sock.settimeout(seconds)
        while self.sock.recv_into(self.buffer):
            pass


def send_busy(sock):
    """Tells a second host that the lane has a host, and closes the second one's connection."""
    sock.settimeout(None)
    try:
        sock.sendall(HEAD.pack(BUSY, 0, 0, 0))
    except OSError:
        pass
    sock.close()
