"""Changes to the model's process besides its sockets: its output, its children, and its end. None is made before the lane opens."""
import _thread
import atexit
import os
import sys

from .frames import DIED, last_bytes, text_frame

SETTING = 'NPBRIDGE_LANE'
FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HANG_UP_S = 1                       # how long a model that dies waits for its host to close the connection


def print_whole_lines():
    """Makes unbuffered standard output write whole lines, as at a terminal.

    `launch` runs models unbuffered, so that each print is two writes: its text, then its line end. Each write wakes the
    process that reads the output, while the model waits. Standard error stays unbuffered, because a model's last words are
    written there, with or without a line end.
    """
    stream = getattr(sys, 'stdout', None)
    try:
        if getattr(stream, 'write_through', False) and stream is sys.__stdout__:
            stream.reconfigure(line_buffering=True, write_through=False)
    except ValueError:
        pass                        # the stream is closed or detached


def hide_from_children():
    """Removes the shim from the environment, so that child processes run without it."""
    os.environ.pop(SETTING, None)
    rest = [p for p in os.environ.get('PYTHONPATH', '').split(os.pathsep) if os.path.abspath(p) != FOLDER]
    os.environ['PYTHONPATH'] = os.pathsep.join(rest)
    if not any(rest):
        del os.environ['PYTHONPATH']


def watch(lane):
    """Has the lane end when the process dies, exits or forks."""
    events = ProcessEvents(lane, sys.excepthook)
    sys.excepthook = events.excepthook
    atexit.register(events.exit)
    os.register_at_fork(before=events.before_fork, after_in_child=events.in_child)


class ProcessEvents(object):
    """Handlers for the events that end a lane with its process."""

    def __init__(self, lane, previous_hook):
        self.lane, self.previous_hook = lane, previous_hook
        self.dying = False

    def excepthook(self, kind, error, trace):
        """Tells the host of the exception that ends the model, and then calls the previous hook."""
        try:
            import traceback
            self.send_last_words(''.join(traceback.format_exception(kind, error, trace)))
        except Exception:
            pass
        self.previous_hook(kind, error, trace)

    def exit(self):
        if os.getpid() == self.lane.pid:
            self.send_last_words('')
            self.lane.close_host_listener(b'')

    def send_last_words(self, text):
        if self.dying or os.getpid() != self.lane.pid:
            return
        self.dying = True
        host = self.lane.host
        if host is not None:
            host.send(text_frame(DIED, host.taken, last_bytes(text)))
            # If the host is writing, it would see a broken connection before it reads this. So it gets time to close its end first.
            try:
                host.wait_for_hang_up(HANG_UP_S)
            except OSError:
                pass

    def before_fork(self):
        lane = self.lane
        if os.getpid() == lane.pid:
            lane.forked_with = lane.request._sequence if lane.request is not None else 0
            lane.decline('it forks')

    def in_child(self):
        """Closes the child's copy of the host's connection, because while that is open, the host cannot see that the model died.

        Keeps it open if the model has a request, because the child may have been forked to answer that.
        """
        lane = self.lane
        lane.lock = _thread.RLock()     # another thread may have held it, and that thread does not exist here
        if lane.host is not None:
            lane.host.lock = lane.lock
        if not lane.forked_with or os.getppid() != lane.pid:
            lane.drop_host()
