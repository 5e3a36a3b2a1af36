"""A request of the lane in the form of the TCP connection that would have brought it. `accept` returns it while the lane is open.

If the model uses it in a way that only a real socket can serve, the request is handed over to one: see real_connection.py.
"""
import os
import socket
import sys
from _thread import get_ident

from .real_connection import ConnectionBase, hand_over

PLAIN_FLAGS = (0, getattr(socket, 'MSG_WAITALL', 0))

# For each place that has called recv, by (id(code), f_lasti): whether recv may exceed its size, and the code object. As long as
# a code object is kept here, no other can get its id. The code object itself is no key, because Python hashes all its bytes.
verdicts = {}


class RequestConnection(ConnectionBase):
    """A request that looks like a connection. The model reads the request from it, and sends the reply on it."""
    __slots__ = ()

    def __init__(self, lane, host, slot, sequence, message):
        self._lane, self._host, self._slot, self._sequence = lane, host, slot, sequence
        self._message, self._position, self._timeout = message, 0, None
        self._closed = self._ended = False
        self._reply_parts = 0       # the number of parts that were sent

    # ---- the request

    def recv(self, size, flags=0):
        position, message = self._position, self._message
        if self._closed or size < 0 or flags not in PLAIN_FLAGS or get_ident() != self._lane.thread:
            return hand_over(self, 'recv').recv(size, flags)
        if 0 < size < len(message) - position:
            frame = sys._getframe(1)
            code = frame.f_code
            place = id(code), frame.f_lasti
            verdict = verdicts.get(place)
            if verdict is None:
                verdict = verdicts[place] = may_exceed_size(frame), code
            if verdict[0]:
                self._position = len(message)
                return message[position:]
        data = bytes(message[position:position + size])
        self._position = position + len(data)
        return data

    def recv_into(self, buffer, nbytes=0, flags=0):
        target = memoryview(buffer).cast('B')
        data = self.recv(min(nbytes, len(target)) or len(target), flags)
        target[:len(data)] = data
        return len(data)

    def recvfrom(self, size, flags=0):
        return self.recv(size, flags), None

    # ---- the reply

    def sendall(self, data, flags=0):
        self.send(data, flags)

    def send(self, data, flags=0):
        if self._closed or get_ident() != self._lane.thread:
            return hand_over(self, 'send').send(data, flags)
        if type(data) is not bytes:
            data = memoryview(data)
            if data.format != 'B' or data.ndim != 1:
                data = data.cast('B')
        length = len(data)
        if length > 0:
            self._reply_parts += 1
            self._host.send_reply(self._slot, self._sequence, data, self._reply_parts == 1)
        return length

    def close(self):
        self._closed = True
        # A `finally` may have closed it because of an error. The end of the reply is sent later, when it is known whether the model
        # dies of that error (which the host is told) or accepts the next request.
        if self._reply_parts or sys.exc_info()[1] is None:
            self._lane.end(self)

    def shutdown(self, how):
        if how != socket.SHUT_RD:
            self._lane.end(self)

    def __del__(self):
        if not self._ended and os.getpid() == self._lane.pid:
            self._lane.end(self)

    # ---- other methods and attributes of a connection

    def getpeername(self):
        return self._lane.peer

    def getsockname(self):
        return self._lane.name

    def getsockopt(self, *args):
        return self._lane.listener().getsockopt(*args)

    def setsockopt(self, *_):
        pass

    def settimeout(self, value):
        if value == 0:
            hand_over(self, 'settimeout').settimeout(value)
        else:
            self._timeout = value

    def gettimeout(self):
        return self._timeout

    timeout = property(gettimeout)
    family = property(lambda self: self._lane.kind[0])
    type = property(lambda self: self._lane.kind[1])
    proto = property(lambda self: self._lane.kind[2])

    def __getattr__(self, name):
        if name.startswith('_') or not hasattr(socket.socket, name):
            raise AttributeError(name)
        return getattr(hand_over(self, name), name)


def may_exceed_size(frame):
    """Returns True if `recv`, called in `frame`, may return the rest of the message instead of the number of bytes asked for."""
    try:
        from .recv_analysis import only_written
    except Exception:
        return False                # the shim's folder cannot be read any more
    return only_written(frame)
