"""A lane in front of a finished model's socket.

    NPBRIDGE_LANE=6000:/lane/lane.sock         the model's port, and the path of the Unix socket that the host connects to
    NPBRIDGE_LANE=6000,lean:/lane/lane.sock    the same, and the model keeps no memory for huge frames: see allocator.py

When the model listens on that port, the host finds the Unix socket. All requests come over the host's one connection.
`accept` returns once a whole request is here: what it returns looks like the TCP connection that would have brought the
request, and what the model sends on it is the reply. The model's own socket listens as before, so that the model's log,
`ss` and a probe see what they always saw. TCP callers are accepted and closed, and never reach the model.

Python 3.8 or later, standard library only. sitecustomize.py, beside this folder, decides whether it is imported.

    listener.py             the model's listening socket; takes the place of socket.socket.listen and accept
    recognition.py          whether a lane can stand in front of a socket
    lane.py                 one request after the other, from the start to the end of the lane
    door.py                 the Unix socket and the note in the shared folder
    host.py                 the host's connection, and frames.py its bytes
    lent_files.py           large messages through files that the host lends
    connection.py           a request that looks like a connection
    recv_analysis.py        whether recv may return more than was asked for
    real_connection.py      a request that needs a real socket
    allocator.py            settings of malloc for large frames
    process.py              changes to the process besides its sockets
"""
from .lane import Lane
from .listener import watch


def install(setting):
    """Prepares this process for a lane as `setting` describes it. Does nothing if the setting is invalid."""
    address, _, path = setting.partition(':')
    port, _, option = address.partition(',')
    if port.isdigit() and option in ('', 'lean') and path:
        watch(Lane(int(port), path, option == 'lean'))
