"""The model's own listening socket while the lane stands in front of it, and the way it gets there.

The socket is not replaced: its class is. It stays bound, keeps its file descriptor and listens, and the lane can leave at
any moment by setting the class back.
"""
import _socket
import socket
from _thread import get_ident


class LaneListener(socket.socket):
    """Accepts requests of the lane in place of connections."""
    __slots__ = ()                  # the layout of socket.socket, or the class could not be exchanged
    lane = None                     # the process has one lane; the socket itself has no room for it

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
        """Returns what the repr of a plain socket would be: that contains the name of the class and the descriptor."""
        self.__class__ = socket.socket
        try:
            return repr(self)
        finally:
            if LaneListener.lane.declined is None:
                self.__class__ = LaneListener


def listen(sock, *backlog):
    """Takes the place of socket.socket.listen until the lane has declined."""
    LaneListener.lane.before_listen(sock)
    return _socket.socket.listen(sock, *backlog)


def watch(lane):
    """Has `lane` called before any socket of the process listens."""
    LaneListener.lane = lane
    socket.socket.listen = listen


def unwatch():
    if socket.socket.__dict__.get('listen') is listen:
        del socket.socket.listen    # Python's own is inherited


def put_in_front(sock):
    sock.__class__ = LaneListener


def give_back(sock):
    if type(sock) is LaneListener:
        sock.__class__ = socket.socket
