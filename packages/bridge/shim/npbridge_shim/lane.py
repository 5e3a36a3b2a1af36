"""The lane: takes requests from the host, one after the other, and hands them to the model in place of connections.

The lane begins when the model is about to listen on its port, and ends with the process, or when it declines: if the model
uses its sockets in a way that the lane cannot serve, the lane tells the host why, and gives the model its real sockets back.
"""
import _socket
import _thread
import errno
import os
import select
import socket
import sys
import weakref

from . import listener, process
from .allocator import FIRST_THRESHOLD, Allocator
from .connection import RequestConnection
from .host_listener import HostListener, write_note
from .frames import DECLINED, END, HEAD, first_bytes, text_frame
from .host import Host, send_busy
from .lent_files import UnreadableRequest
from .recognition import listens_on, why_not

# errors of accept that pass without help
PASSING = (errno.ECONNABORTED, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPERM)
PASSING_PAUSE_S = 0.05
CLOSED_AT_ONCE = 16                 # the most TCP callers that are closed before the next request is looked for
LOOK_AROUND_EVERY = 16              # the number of requests after which new hosts and TCP callers are looked for
HOSTLESS_MS = 200                   # how often a lane without a host checks whether its socket was removed


class Lane(object):
    """The one lane of this process."""

    def __init__(self, port, path, lean):
        self.port, self.path = port, path
        self.allocator = Allocator(lean)
        self.pid, self.thread = os.getpid(), _thread.get_ident()
        self.declined = None        # the reason why the lane has ended
        self.host_listener = None   # the HostListener that hosts connect to
        self.host = None            # the host that has connected
        self.listener = None        # a weak reference to the model's listening socket
        self.request = None         # the RequestConnection that the model accepted last, until its end was sent or deferred
        self.forked_with = 0        # the sequence of a request that the model had when it forked: either process may answer it
        self.lock = _thread.RLock()     # another thread of the model may decline while this one takes a request

    # ---- start

    def before_listen(self, sock):
        """Puts the lane in front of `sock` if that is the model's socket; declines if that is not possible."""
        if self.declined is not None or self.is_in_front_of(sock) or not listens_on(sock, self.port):
            return
        if os.getpid() != self.pid and os.path.lexists(self.path):
            return                  # this process was forked from the one that has the lane
        try:
            reason = why_not(sock, self.pid, self.thread, self.listener and self.listener())
            if reason is None:
                self.open()
        except Exception as error:
            reason = 'the lane cannot be opened: %s' % error
        if reason is not None:
            self.decline(reason)
            return
        self.kind, self.name = (sock.family, sock.type, sock.proto), sock.getsockname()
        self.peer = ('127.0.0.1', 0) if sock.family == socket.AF_INET else ('::1', 0, 0, 0)
        listener.put_in_front(sock)
        self.listener = weakref.ref(sock)

    def is_in_front_of(self, sock):
        return self.listener is not None and self.listener() is sock and type(sock) is listener.LaneListener

    def open(self):
        if self.host_listener is not None:
            return                  # the model closed its socket and listens again
        self.host_listener = HostListener(self.path)
        process.watch(self)
        process.print_whole_lines()
        process.hide_from_children()

    # ---- requests

    def accept(self, sock):
        """Returns the next request as a connection; None once the lane has ended. `sock` is the model's own socket."""
        last = self.request
        if last is not None:
            if not last._reply_parts and not last._closed:
                self.decline('it accepts while a message is unanswered')
            else:
                # The end of a reply in several parts is sent before the next request is taken. If the host stops waiting for a
                # reply that arrives too slowly, it has to know that the requests behind it were not taken.
                self.end(last, last._reply_parts == 1)
        host = self.host
        if host is not None and (host.taken + 1) % LOOK_AROUND_EVERY == 0:
            self.wait(sock, 0)
        while self.declined is None:
            host = self.host
            if host is not None:
                try:
                    received = host.receive()
                    if received is not None:
                        slot, sequence, message = received
                        if len(message) >= FIRST_THRESHOLD:
                            self.allocator.prepare_for(len(message))
                        with self.lock:
                            if self.declined is None:
                                host.taken = sequence
                                self.request = connection = RequestConnection(self, host, slot, sequence, message)
                                return connection
                        # Another thread has declined, and has told the host that this request was not taken.
                except UnreadableRequest as error:
                    self.decline('a request in a file that the host lends cannot be read: %s' % error)
                except (OSError, EOFError, MemoryError):
                    self.drop_host()
                    continue
                except BaseException:
                    if host.is_inside_request:      # a signal handler of the model has raised the exception
                        self.drop_host()
                    raise
            if self.declined is None:
                self.wait(sock, HOSTLESS_MS if self.host is None else None)
        return None

    def end(self, connection, deferred=False):
        """Tells the host that a reply is complete: now, or, if `deferred`, together with the next frame."""
        if connection._ended:
            return
        connection._ended = True
        host, sequence = connection._host, connection._sequence
        if sequence == self.forked_with and not connection._reply_parts:
            self.drop_host()             # the other process may answer it
        elif deferred:
            host.deferred_end = HEAD.pack(END, 0, sequence, 0)
        else:
            host.send(HEAD.pack(END, 0, sequence, 0))
        # This is last, because a thread that declines closes the host's connection as soon as there is no request.
        if self.request is connection:
            self.request = None
        if self.declined is not None:
            with self.lock:         # the thread that declines tells the host why before it releases the lock
                host.flush()
                self.drop_host()

    def drop_host(self):
        """Closes the host's connection."""
        host, self.host = self.host, None
        if host is not None:
            host.close()

    # ---- hosts and TCP callers

    def wait(self, sock, timeout_ms):
        """Waits until something can be read. Accepts a host, and closes TCP callers."""
        if self.host is not None:
            if timeout_ms != 0:
                self.host.flush()
            self.host.avoid_interrupted_reads()
            if self.host.closed:
                self.host = None
        host, host_listener, own = self.host, self.host_listener, _socket.socket.fileno(sock)
        poll = select.poll()
        for fd in [each.fileno() for each in (host, host_listener) if each is not None] + [own]:
            poll.register(fd, select.POLLIN)
        ready = [fd for fd, _ in poll.poll(timeout_ms)]
        if self.declined is not None:
            return                  # another thread has declined: TCP callers are the model's now
        if own in ready:
            self.close_callers(sock)
        elif host is not None and host.fileno() in ready:
            return
        elif host_listener is not None and host_listener.fileno() in ready:
            self.accept_host(host_listener.accept())
        elif host is None and not os.path.exists(self.path):
            self.decline('the host removed the socket of the lane')

    def close_callers(self, sock):
        """Accepts and closes TCP connections, so that a probe of the port does not wait for ever."""
        poll = select.poll()
        poll.register(_socket.socket.fileno(sock), select.POLLIN)
        for _ in range(CLOSED_AT_ONCE):
            try:
                socket.socket.accept(sock)[0].close()
            except OSError as error:
                if error.errno not in PASSING:
                    raise           # the model has shut its socket down, for example
                select.select([], [], [], PASSING_PAUSE_S)
            if not poll.poll(0):
                break

    def accept_host(self, sock):
        if self.host is not None:
            send_busy(sock)
            return
        self.host = Host(sock, self.path, self.lock)
        self.host.send_hello(self.pid, sys.version_info)

    # ---- the end

    def decline(self, reason):
        """Ends the lane and gives the model its sockets back. Requests that the model has are still answered."""
        if self.declined is not None:
            return
        with self.lock:
            if self.declined is None:
                self.declined = reason
                self.step_aside(first_bytes(reason))

    def step_aside(self, reason):
        listener.unwatch()
        sock = self.listener and self.listener()
        if sock is not None:
            listener.give_back(sock)
        write_note(self.path, reason)
        self.close_host_listener(text_frame(DECLINED, 0, reason))
        if self.host is not None:
            self.host.send(text_frame(DECLINED, self.host.taken, reason))
            if self.request is None:
                self.drop_host()
        self.request = None

    def close_host_listener(self, farewell):
        if self.host_listener is not None:
            host_listener, self.host_listener = self.host_listener, None
            host_listener.close(farewell)
