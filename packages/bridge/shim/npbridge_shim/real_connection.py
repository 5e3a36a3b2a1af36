"""A request that was handed over to a real socket, because the model uses it in a way that only a real socket can serve.

Two threads serve the other end of that socket: one writes the rest of the request to it, the other passes the reply on to the
host.
"""
import _thread
import errno
import os
import socket

from .frames import END, HEAD

READ_BYTES = 1 << 16


class ConnectionBase(object):
    """The attributes of a connection. An object's class changes when it is handed over, so both classes have the same layout."""
    __slots__ = ('_lane', '_host', '_slot', '_sequence', '_message', '_position', '_timeout', '_reply_parts', '_closed',
                 '_ended', '_real', '__weakref__')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class RealConnection(ConnectionBase):
    """A request that was handed over. The real socket serves all uses of it."""
    __slots__ = ()

    def __getattr__(self, name):
        return getattr(self._real, name)


def hand_over(connection, use):
    """Makes `connection` a RealConnection and returns its socket. The lane ends with this request.

    `use` is the name of the method that the model used. Raises OSError if the model has closed the connection.
    """
    if connection._closed:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    near, far = socket.socketpair()
    near.settimeout(connection._timeout)
    far.settimeout(None)
    connection._lane.decline('it uses %s of a connection' % use)
    rest = bytes(connection._message[connection._position:])
    connection._real, connection.__class__ = near, RealConnection
    _thread.start_new_thread(write_request, (far, rest))
    _thread.start_new_thread(pass_reply_on, (far, connection._lane, connection._host, connection._sequence))
    return near


def write_request(far, rest):
    try:
        far.sendall(rest)
    except OSError:
        pass                        # the model has closed its end


def pass_reply_on(far, lane, host, sequence):
    """Sends the host what the model writes, until the model closes its end or the host is gone."""
    data = b'.'
    while data:
        try:
            data = far.recv(READ_BYTES)
        except OSError:
            data = b''
        if data:
            host.send_reply(0, sequence, data, False)
            if host.closed:
                break               # the model learns from its socket that the host is gone, as with TCP
    far.close()
    host.send(HEAD.pack(END, 0, sequence, 0))
    lane.drop_host()
