"""Decides whether a socket that is about to listen is the model's, and whether a lane can stand in front of it.

The lane can replace one plain blocking socket, used by the main thread of the process that was started. For any other way of
serving it declines, with a reason that packages/bridge/src/launch/replica/lane-reason.ts explains to users.
"""
import os
import socket
import sys
from _thread import get_ident


def listens_on(sock, port):
    """Returns True if `sock` is bound to a TCP port of that number."""
    try:
        return sock.family in (socket.AF_INET, socket.AF_INET6) and sock.getsockname()[1] == port
    except OSError:
        return False


def why_not(sock, pid, thread, other):
    """Returns the reason why no lane can stand in front of `sock`, or None if one can.

    `pid` and `thread` are those with which Python started. `other` is the socket in front of which the lane stood before.
    """
    process = sys.modules.get('multiprocessing.process')
    if type(sock) is not socket.socket:
        return 'it listens with a %s.%s' % (type(sock).__module__, type(sock).__name__)
    if sock.type != socket.SOCK_STREAM or sock.gettimeout() is not None:
        return 'its socket does not wait'
    if get_ident() != thread:
        return 'it listens in a thread'
    if process is not None and process.parent_process() is not None:
        return 'it listens in a process of multiprocessing'
    if os.getpid() != pid:
        return 'it listens in a process that it has forked'
    if other is not None and socket.socket.fileno(other) >= 0:
        return 'it listens on several sockets'
    return None
