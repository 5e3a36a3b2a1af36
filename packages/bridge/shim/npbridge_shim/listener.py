"""The model's own listening socket while the lane stands in front of it.

The socket object is not replaced: its class is. The socket stays bound, keeps its file descriptor and listens, and the lane
can leave at any moment by setting the class back.
"""
import _socket
import socket
from _thread import get_ident


class LaneListener(socket.socket):
    """A listening socket whose `accept` returns requests of the lane. Any use that the lane cannot serve makes the lane decline."""
    __slots__ = ()                  # the layout of socket.socket, which an exchange of the class needs
    lane = None                     # set on the class, because the process has one lane and the socket has no room for it

    def accept(self):
        lane = self.lane
        if get_ident() != lane.thread:
            lane.decline('it accepts in a thread')
        elif _socket.socket.fileno(self) >= 0:
            connection = lane.accept(self)
            if connection is not None:
                return connection, lane.peer
        return socket.socket.accept(self)

    def fileno(self):
        self.lane.decline('it asks for its file descriptor')
        return socket.socket.fileno(self)

    def settimeout(self, value):
        if value is not None:
            self.lane.decline('its socket does not wait')
        socket.socket.settimeout(self, value)

    def setblocking(self, flag):
        if not flag:
            self.lane.decline('its socket does not wait')
        socket.socket.setblocking(self, flag)

    def detach(self):
        self.lane.decline('it detaches its socket')
        return socket.socket.detach(self)

    def __repr__(self):
        """Returns the repr of a plain socket, which contains the name of the class and the file descriptor."""
        self.__class__ = socket.socket
        try:
            return repr(self)
        finally:
            if LaneListener.lane.declined is None:
                self.__class__ = LaneListener


def listen(sock, *backlog):
    """Replaces socket.socket.listen until the lane has declined."""
    LaneListener.lane.before_listen(sock)
    return _socket.socket.listen(sock, *backlog)


def watch(lane):
    """Has `lane.before_listen` called before any socket of the process listens."""
    LaneListener.lane = lane
    socket.socket.listen = listen


def unwatch():
    if socket.socket.__dict__.get('listen') is listen:
        del socket.socket.listen    # the method that socket.socket inherits is used again


def put_in_front(sock):
    sock.__class__ = LaneListener


def give_back(sock):
    if type(sock) is LaneListener:
        sock.__class__ = socket.socket
