"""Decides whether a socket that is about to listen is the model's, and whether a lane can stand in front of it.

The lane serves one plain blocking socket, used by the main thread of the process that was started. Any other way to serve
is a reason to decline. Each reason is explained to users in packages/bridge/src/launch/lane-reason.ts.
"""
import os
import socket
import sys
from _thread import get_ident


def listens_on(sock, port):
    """Returns whether `sock` is bound to a TCP port of that number."""
    try:
        return sock.family in (socket.AF_INET, socket.AF_INET6) and sock.getsockname()[1] == port
    except OSError:
        return False


def why_not(sock, pid, thread, other):
    """Returns why no lane can stand in front of `sock`, or None if one can.

    `pid` and `thread` are those that Python started with, `other` is the socket that the lane stood in front of before.
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
