"""The shim: code in a model's process that puts a lane in front of the socket of an unmodified model.

A lane is a connection of one host to the model that carries all messages. Its frames are drawn in
packages/bridge/src/lane/frames.ts.

    NPBRIDGE_LANE=6000:/lane/lane.sock         the model's port, and the path of the Unix socket that the host connects to
    NPBRIDGE_LANE=6000,lean:/lane/lane.sock    the same, and the model keeps no memory for huge frames: see allocator.py

When the model listens on that port, the shim makes the Unix socket. All requests arrive through the host's one connection.
`accept` returns once a whole request has arrived: the object that it returns looks like the TCP connection that would have
brought the request, and the bytes that the model sends on it are the reply. The model's own socket listens as before, so
that the model's log, `ss` and a probe see what they always saw. TCP callers are accepted and closed, and never reach the
model.

Python 3.8 or later, standard library only. sitecustomize.py, beside this folder, decides whether this package is imported.

    listener.py             the model's listening socket, whose methods listen and accept the shim replaces
    recognition.py          decides whether a lane can stand in front of a socket
    lane.py                 the lane from its start to its end, one request after the other
    host_listener.py        the Unix socket and the note in the shared folder
    host.py                 the host's connection, and frames.py its bytes
    lent_files.py           large messages in files that the host lends
    connection.py           a request that looks like a connection
    recv_analysis.py        decides whether recv may return more than was asked for
    real_connection.py      a request that needs a real socket
    allocator.py            settings of malloc for large frames
    process.py              changes to the process besides its sockets
"""
from .lane import Lane
from .listener import watch


def install(setting):
    """Prepares this process for the lane that `setting` (NPBRIDGE_LANE) describes. Does nothing if the setting is invalid."""
    address, _, path = setting.partition(':')
    port, _, option = address.partition(',')
    if port.isdigit() and option in ('', 'lean') and path:
        watch(Lane(int(port), path, option == 'lean'))
