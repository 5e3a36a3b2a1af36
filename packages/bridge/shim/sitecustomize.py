"""A lane in front of a finished model's socket. Python imports this file before the model, because it lies on PYTHONPATH.

    NPBRIDGE_LANE=6000:/lane/lane.sock         the port that the model listens on, and where the lane is to be
    NPBRIDGE_LANE=6000,lean:/lane/lane.sock    the same, and huge frames may not make the model keep memory (keep_memory)

When the model listens on that port, the host finds a Unix socket at that path. All messages come over the host's one
connection (bytes drawn in src/lane/wire.ts). accept() returns when a whole message is here: what it returns looks like
a TCP connection that brought the message, and what is sent on it is the reply. The model's own socket listens as it
asked to, so that its log, `ss` and a probe see what they always saw; who calls there is shown out, and never reaches
the model. Whatever looks unfamiliar ends the lane (`decline`): the host is told why, and the sockets are Python's again.

Every other Python process that inherits the variable is left alone. Python 3.8 or later, standard library only.
"""
import _signal
import _socket
import _thread
import atexit
import errno
import os
import select
import socket
import struct
import sys
import weakref

SETTING = 'NPBRIDGE_LANE'
HEAD = struct.Struct('<cB2xIQ')     # kind, slot, sequence, length
TIMEVAL = struct.Struct('ll')
END = b'E'
PASSING = (errno.ECONNABORTED, errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPERM)
PLAIN = (0, getattr(socket, 'MSG_WAITALL', 0))
LARGE = 1 << 18                     # a reply from this size on goes through memory, where the host lends some
TEXT = 1 << 16                      # bytes of a traceback or a reason that the host takes
BLOCK = 1 << 17                     # malloc gets blocks from this size on from the system, to begin with …
LARGEST_BLOCK = 1 << 25             # … and from this size on whatever it has learnt …
ANY_BLOCK = 1 << 30                 # … unless it is told
HANGING_UP_S = 1                    # how long a model that dies waits for its host to have heard it
LATE_US = 1000                      # how long the end of an answered message waits for company: a tick of the kernel
AHEAD = 1 << 16                     # so much is read in one go, with what is behind a message …
SMALL = 1 << 14                     # … while they are of up to this size
JOINED = 1 << 14                    # up to this size one buffer is sent faster than several
HOSTLESS_MS = 200                   # how often an empty lane looks whether the host has taken it away

HERE = os.path.dirname(os.path.abspath(__file__))
get_ident = _thread.get_ident
lane = None


class Lane(object):
    def __init__(self, port, path, lean):
        self.port, self.path = port, path
        self.lean = lean
        self.kept = 0               # as keep_memory was told
        self.pid, self.thread = os.getpid(), _thread.get_ident()
        self.declined = None
        self.door = None            # where hosts connect
        self.host = None            # the one who did
        self.listening = None       # the model's socket, weakly
        self.message = None         # the connection handed out last, until its end was told
        self.handed = 0             # its sequence
        self.shared = 0             # the sequence of one that two processes have: the model forked with it in its hands
        self.late = b''             # said together with what is said next, at the latest before waiting
        self.dying = False
        self.patience = 0           # flags of a recv that may wait for a moment
        self.maps = {}
        self.keep(bytearray(AHEAD))
        self.at = self.ahead = 0    # where in the buffer what is behind the last message lies, and how much it is
        self.room = AHEAD           # how much is read at once
        self.lock = _thread.RLock()

    # ---- the model's socket

    def meet(self, sock):
        """The model is about to listen on `sock`."""
        if self.declined is not None or self.is_ours(sock):
            return
        try:
            if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.getsockname()[1] != self.port:
                return
        except OSError:
            return
        if os.getpid() != self.pid and os.path.lexists(self.path):
            return                  # the process that was forked has the lane
        try:
            reason = self.unfamiliar(sock)
            if reason is None:
                self.open()
        except Exception as error:
            reason = 'the lane cannot be opened: %s' % error
        if reason is not None:
            self.decline(reason)
            return
        self.kind, self.name = (sock.family, sock.type, sock.proto), sock.getsockname()
        self.peer = ('127.0.0.1', 0) if sock.family == socket.AF_INET else ('::1', 0, 0, 0)
        sock.__class__ = Listening
        self.listening = weakref.ref(sock)

    def is_ours(self, sock):
        return self.listening is not None and self.listening() is sock and type(sock) is Listening

    def unfamiliar(self, sock):
        process = sys.modules.get('multiprocessing.process')
        if type(sock) is not socket.socket:
            return 'it listens with a %s.%s' % (type(sock).__module__, type(sock).__name__)
        if sock.type != socket.SOCK_STREAM or sock.gettimeout() is not None:
            return 'its socket does not wait'
        if _thread.get_ident() != self.thread:
            return 'it listens in a thread'
        if process is not None and process.parent_process() is not None:
            return 'it listens in a process of multiprocessing'
        if os.getpid() != self.pid:
            return 'it listens in a process that it has forked'
        other = self.listening and self.listening()
        if other is not None and socket.socket.fileno(other) >= 0:
            return 'it listens on several sockets'

    def open(self):
        if self.door is not None:   # the model closed its socket and listens anew
            return
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.settimeout(None)
        try:
            door.connect(self.path)
        except OSError:
            door.close()
        else:
            door.close()
            raise OSError('another process has it')
        if os.path.lexists(self.path + '.declined'):
            os.unlink(self.path + '.declined')
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.settimeout(None)
        # It appears when one can connect, and in place of what a model that was killed has left.
        if os.path.lexists(self.path + '.new'):
            os.unlink(self.path + '.new')
        door.bind(self.path + '.new')
        os.chmod(self.path + '.new', 0o666)     # the host may be another user; the folder says who may come
        _socket.socket.listen(door, 8)
        os.rename(self.path + '.new', self.path)
        self.door = door
        write_lines()
        self.previous_hook, sys.excepthook = sys.excepthook, excepthook
        atexit.register(self.leave)
        os.register_at_fork(before=self.before_fork, after_in_child=self.in_child)
        # Processes that the model starts are none of ours.
        os.environ.pop(SETTING, None)
        rest = [p for p in os.environ.get('PYTHONPATH', '').split(os.pathsep) if os.path.abspath(p) != HERE]
        os.environ['PYTHONPATH'] = os.pathsep.join(rest)
        if not any(rest):
            del os.environ['PYTHONPATH']

    def decline(self, reason):
        """Gives the sockets back. Messages that the model has are still answered."""
        if self.declined is None:
            with self.lock:         # the model may be taking a message meanwhile, where this is another of its threads
                self.step_aside(reason)

    def step_aside(self, reason):
        if self.declined is not None:
            return
        self.declined = reason
        if socket.socket.__dict__.get('listen') is listen:
            del socket.socket.listen
        sock = self.listening and self.listening()
        if sock is not None and type(sock) is Listening:
            sock.__class__ = socket.socket
        text = reason[:TEXT].encode('utf-8', 'backslashreplace')[:TEXT]
        told = HEAD.pack(b'D', 0, self.handed, len(text)) + text
        try:
            with open(self.path + '.new', 'wb') as note:
                note.write(text)
            os.rename(self.path + '.new', self.path + '.declined')
        except OSError:
            pass                    # no lane and no note: the host finds nothing and goes the other way
        self.shut(told)
        if self.host is not None:
            self.say(self.host, told)
            if self.message is None:
                self.lose()
        self.message = None

    def shut(self, told):
        """Takes the lane away; who is waiting at the door is told."""
        if self.door is None:
            return
        door, self.door = self.door, None
        door.setblocking(False)
        try:
            os.unlink(self.path)
            while True:
                waiting = door.accept()[0]
                waiting.setblocking(False)
                waiting.send(told)
                waiting.close()
        except OSError:
            pass
        door.close()

    # ---- messages

    def take(self, sock):
        """The next message as a connection; None once the lane has ended."""
        last = self.message
        if last is not None:
            if not last._replied and not last._closed:
                self.decline('it accepts while a message is unanswered')
            else:
                # Behind a reply in parts its end is told first: who gives up one that drips is to know what was not taken.
                self.end(last, last._replied == 1)
        if self.handed % 16 == 15:
            self.wait(sock, 0)      # while frames flow, too, nobody is left standing
        while self.declined is None:
            host = self.host
            if host is not None:
                try:
                    message = self.receive(host)
                    if message is not None:
                        return message
                except (OSError, EOFError, MemoryError):
                    self.lose()
                    continue
                except BaseException:
                    if self.buffer[0]:
                        self.lose() # a signal's handler: nobody knows how far the stream was read
                    raise
            if self.declined is None:
                self.wait(sock, HOSTLESS_MS if self.host is None else None)

    def wait(self, sock, timeout):
        """Waits for something to read, and meanwhile lets hosts in and shows others out."""
        poll = select.poll()
        if self.late and timeout != 0:
            self.say(self.host)
        for each in (self.host, self.door, sock):
            if each is not None:
                poll.register(_socket.socket.fileno(each), select.POLLIN)
        if ticks():
            self.patience = socket.MSG_DONTWAIT
        ready = [fd for fd, _ in poll.poll(timeout)]
        if self.declined is not None:
            return                  # by another thread: who calls now is the model's
        if _socket.socket.fileno(sock) in ready:
            self.show_out(sock)
            return
        if self.host is not None and self.host.fileno() in ready:
            return
        if self.door is not None and self.door.fileno() in ready:
            self.let_in(self.door.accept()[0])
        elif self.host is None and not os.path.exists(self.path):
            self.decline('the host took the lane away')

    def show_out(self, sock):
        """Closes what callers by TCP have opened."""
        poll = select.poll()
        poll.register(_socket.socket.fileno(sock), select.POLLIN)
        for _ in range(16):
            try:
                socket.socket.accept(sock)[0].close()
            except OSError as error:
                if error.errno not in PASSING:
                    raise           # the model's own doing, a shutdown say
                select.select([], [], [], 0.05)
            if not poll.poll(0):
                break

    def let_in(self, host):
        host.settimeout(None)
        if self.host is not None:
            try:
                host.sendall(HEAD.pack(b'B', 0, 0, 0))
            except OSError:
                pass
            host.close()
            return
        self.host, self.handed, self.ahead = host, 0, 0
        try:
            host.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, TIMEVAL.pack(0, LATE_US))
            self.patience = socket.MSG_DONTWAIT if ticks() else 0
        except (OSError, AttributeError):
            self.patience = socket.MSG_DONTWAIT     # another timeval than we know
        text = ('{"lane":1,"pid":%d,"python":"%d.%d.%d"}' % ((os.getpid(),) + sys.version_info[:3])).encode()
        self.say(host, HEAD.pack(b'H', 0, 0, len(text)) + text)

    def receive(self, host):
        """The next message as a connection; None where nothing came in a moment."""
        buffer, ahead = self.buffer, self.ahead
        if ahead:
            buffer[:ahead] = buffer[self.at:self.at + ahead]
        else:
            buffer[0] = 0           # no head begins with it: as long as it stands there nothing was read
            try:
                ahead = host.recv_into(buffer, self.room, self.patience)
            except BlockingIOError:
                return None
            if ahead == 0:
                raise EOFError
        if ahead < HEAD.size:
            self.fill(host, ahead, HEAD.size)
            ahead = HEAD.size
        kind, slot, sequence, length = HEAD.unpack_from(buffer)
        if kind == b'Q':
            end = HEAD.size + length
            if ahead < end:
                if len(buffer) < end:
                    self.keep(bytearray(end))
                    self.buffer[:ahead] = buffer[:ahead]
                self.fill(host, ahead, end)
                ahead = end
            view = self.readable[HEAD.size:end]
        elif kind == b'M':
            end = HEAD.size
            view = self.memory(slot, length)
            if view is None:
                return None
        else:
            raise EOFError
        self.at, self.ahead = end, ahead - end
        # Behind a large message there is another, as a rule, which would be copied once more.
        self.room = AHEAD if length <= SMALL else HEAD.size
        if length >= BLOCK:
            block = LARGEST_BLOCK if length < LARGEST_BLOCK or self.lean else ANY_BLOCK
            if block > self.kept:
                self.kept = block
                keep_memory(block)
        with self.lock:
            if self.declined is not None:
                return None         # by another thread, and the host was told that nobody took this one
            self.handed = sequence
            self.message = message = Connection(self, host, slot, sequence, view)
        return message

    def keep(self, buffer):
        self.buffer, self.readable = buffer, memoryview(buffer).toreadonly()

    def fill(self, host, start, end):
        view = memoryview(self.buffer)[start:end]
        while len(view) > 0:
            try:
                got = host.recv_into(view, 0, socket.MSG_WAITALL)
            except BlockingIOError:
                continue            # the host takes its time in the middle of a message
            if got == 0:
                raise EOFError
            view = view[got:]

    def memory(self, slot, length):
        """The first `length` bytes of the host's file, which never shrinks."""
        view = self.maps.get(slot)
        if view is None or len(view) < length:
            try:
                import mmap
                with open('%s.request-%d' % (self.path, slot), 'rb') as file:
                    view = self.maps[slot] = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
                if len(view) < length:
                    raise EOFError('it holds %d bytes of %d' % (len(view), length))
            except (OSError, ValueError, EOFError, ImportError) as error:
                self.decline('the memory that the host lends cannot be read: %s' % error)
                return None
        return view[:length]

    def reply(self, message, data):
        view = data
        if type(data) is not bytes:
            view = memoryview(data)
            if view.format != 'B' or view.ndim != 1:
                view = view.cast('B')
        length = len(view)
        if length == 0:
            return 0
        if length >= LARGE and message._slot and not message._replied:
            try:
                self.lend(message._slot, memoryview(view))
            except OSError:
                pass                # no room: it goes by the socket
            else:
                message._replied += 1
                self.say(message._host, HEAD.pack(b'S', message._slot, message._sequence, length))
                return length
        message._replied += 1
        self.say(message._host, HEAD.pack(b'R', 0, message._sequence, length), view)
        return length

    def lend(self, slot, view):
        # The host has made it, and reads what it has made, whatever lies there by that name.
        fd = os.open('%s.reply-%d' % (self.path, slot), os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            at = 0
            while at < len(view):
                at += os.pwrite(fd, view[at:], at)
        finally:
            os.close(fd)

    def end(self, message, late=False):
        """Tells that a message has had all of its reply."""
        if message._ended:
            return
        message._ended = True
        if self.message is message:
            self.message = None
        if message._host is not self.host:
            return
        if message._sequence == self.shared and not message._replied:
            self.lose()             # the other process may answer it
            return
        if late:
            self.late = HEAD.pack(END, 0, message._sequence, 0)
        else:
            self.say(message._host, HEAD.pack(END, 0, message._sequence, 0))
        if self.declined is not None:
            with self.lock:         # not before the host was told why
                self.lose()

    def say(self, host, *parts):
        """Writes everything. A host that is gone is no matter to the model."""
        if host is not self.host:
            return
        if self.late:
            parts, self.late = (self.late,) + parts, b''
        try:
            with self.lock:
                if sum(map(len, parts)) <= JOINED:
                    host.sendall(b''.join(parts))
                    return
                sent = host.sendmsg(parts)
                for part in parts:
                    if sent < len(part):
                        host.sendall(memoryview(part)[sent:])
                    sent = max(0, sent - len(part))
        except OSError:
            self.lose()

    def lose(self):
        host, self.host, self.late, self.maps, self.ahead = self.host, None, b'', {}, 0
        if host is not None:
            host.close()

    # ---- the end

    def last_words(self, text):
        if self.dying or os.getpid() != self.pid:
            return
        self.dying = True
        if self.host is not None:
            words = text[-TEXT:].encode('utf-8', 'backslashreplace')[-TEXT:]
            self.say(self.host, HEAD.pack(b'X', 0, self.handed, len(words)), words)
            # A host that is writing would hear of the broken connection first: it gets a moment to hang up itself.
            try:
                self.host.settimeout(HANGING_UP_S)
                while self.host.recv_into(self.buffer):
                    pass
            except (OSError, AttributeError):
                pass

    def leave(self):
        if os.getpid() == self.pid:
            self.last_words('')
            self.shut(b'')

    def before_fork(self):
        if os.getpid() == self.pid:
            self.shared = self.message._sequence if self.message is not None else 0
            self.decline('it forks')

    def in_child(self):
        """
        The child has copies of our sockets: while it had them, nobody would see the model die. It keeps the way back of a
        message that it may have been forked to answer.
        """
        self.lock = _thread.RLock() # another thread may have had it, which is not here
        if self.shared and os.getppid() == self.pid:
            return
        host, self.host = self.host, None
        if host is not None:
            host.close()


class Listening(socket.socket):
    """The model's own listening socket, for as long as the lane stands in front of it."""
    __slots__ = ()

    def accept(self):
        if get_ident() != lane.thread:
            lane.decline('it accepts in a thread')
        elif _socket.socket.fileno(self) >= 0:
            message = lane.take(self)
            if message is not None:
                return message, lane.peer
        return socket.socket.accept(self)

    def fileno(self):
        lane.decline('it asks for its file descriptor')
        return socket.socket.fileno(self)

    def settimeout(self, value):
        if value is not None:
            lane.decline('its socket does not wait')
        socket.socket.settimeout(self, value)

    def setblocking(self, flag):
        if not flag:
            lane.decline('its socket does not wait')
        socket.socket.setblocking(self, flag)

    def detach(self):
        lane.decline('it detaches its socket')
        return socket.socket.detach(self)

    def __repr__(self):
        self.__class__ = socket.socket
        try:
            return repr(self)
        finally:
            if lane.declined is None:
                self.__class__ = Listening


class Handed(object):
    """What Connection becomes when it is used in a way that only a real socket can serve: one."""
    __slots__ = ('_lane', '_host', '_slot', '_sequence', '_view', '_at', '_timeout', '_replied', '_closed', '_ended',
                 '_real', '__weakref__')

    def __getattr__(self, name):
        return getattr(self._real, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Connection(Handed):
    """One message, as the TCP connection that the model takes it for."""
    __slots__ = ()

    def __init__(self, lane, host, slot, sequence, view):
        self._lane, self._host, self._slot, self._sequence = lane, host, slot, sequence
        self._view, self._at, self._timeout = view, 0, None
        self._closed = self._ended = False
        self._replied = 0           # parts of it

    def recv(self, size, flags=0):
        at, view = self._at, self._view
        if self._closed or size < 0 or flags not in PLAIN or get_ident() != self._lane.thread:
            return self._hand_over('recv').recv(size, flags)
        if 0 < size < len(view) - at:
            frame = sys._getframe(1)
            code = frame.f_code
            place = id(code), frame.f_lasti
            known = places.get(place)
            if known is None:
                known = places[place] = shows_only_writes(frame), code
            if known[0]:
                self._at = len(view)
                return view[at:]
        data = bytes(view[at:at + size])
        self._at = at + len(data)
        return data

    def recv_into(self, buffer, nbytes=0, flags=0):
        target = memoryview(buffer).cast('B')
        data = self.recv(min(nbytes, len(target)) or len(target), flags)
        target[:len(data)] = data
        return len(data)

    def recvfrom(self, size, flags=0):
        return self.recv(size, flags), None

    def sendall(self, data, flags=0):
        self.send(data, flags)

    def send(self, data, flags=0):
        if self._closed or get_ident() != self._lane.thread:
            return self._hand_over('send').send(data, flags)
        return self._lane.reply(self, data)

    def close(self):
        self._closed = True
        # Closed by a `finally` on the way out: either the model dies, and says of what, or it accepts again.
        if self._replied or sys.exc_info()[1] is None:
            self._lane.end(self)

    def shutdown(self, how):
        if how != socket.SHUT_RD:
            self._lane.end(self)

    def getpeername(self):
        return self._lane.peer

    def getsockname(self):
        return self._lane.name

    def getsockopt(self, *args):
        return self._lane.listening().getsockopt(*args)

    def setsockopt(self, *_):
        pass

    def settimeout(self, value):
        if value == 0:
            self._hand_over('settimeout').settimeout(value)
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
        return getattr(self._hand_over(name), name)

    def __del__(self):
        if not self._ended and os.getpid() == self._lane.pid:
            self._lane.end(self)

    def _hand_over(self, use):
        """Becomes a real socket with a thread behind it. The lane ends with this message."""
        if self._closed:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        near, far = socket.socketpair()
        near.settimeout(self._timeout)
        far.settimeout(None)
        self._lane.decline('it uses %s of a connection' % use)
        rest, self._real, self.__class__ = bytes(self._view[self._at:]), near, Handed
        _thread.start_new_thread(fill, (far, rest))
        _thread.start_new_thread(drain, (far, self._lane, self._host, self._sequence))
        return near


def fill(far, rest):
    try:
        far.sendall(rest)
    except OSError:
        pass                        # the model does not want it


def drain(far, lane, host, sequence):
    data = b'.'
    while data:
        try:
            data = far.recv(1 << 16)
        except OSError:
            data = b''
        if data:
            lane.say(host, HEAD.pack(b'R', 0, sequence, len(data)), data)
            if lane.host is not host:
                break               # it is gone: the model hears of it, as by TCP
    far.close()
    lane.say(host, HEAD.pack(END, 0, sequence, 0))
    lane.lose()


def ticks():
    """Whether a timer keeps interrupting: the wait of a recv begins anew each time."""
    return _signal.getitimer(_signal.ITIMER_REAL)[1] > 0


def keep_memory(block):
    """Has malloc keep freed blocks of up to that size. A model that gets the memory of each frame anew from the system
    spends more time on having it cleared than on everything else.
    """
    try:
        import ctypes
        mallopt = ctypes.CDLL(None).mallopt
    except Exception:
        return                      # not glibc, or no ctypes
    mallopt(-1, min(2 * block, (1 << 31) - 1))      # M_TRIM_THRESHOLD
    mallopt(-3, block)              # M_MMAP_THRESHOLD


# Where recv was called: whether what it gives may be more than was asked for, and the code, whose id is never another's
# then. Code is no key itself: it is hashed anew each time, byte by byte.
places = {}


def shows_only_writes(frame):
    try:
        return only_written(frame)
    except Exception:
        return False                # no source, or one that we do not understand


def only_written(frame):
    """Whether what recv gives to `frame` is put into a BytesIO and used for nothing else, as in

        data = connection.recv(4096)
        full_data.write(data)

    so that nobody can tell a view of the whole message from the bytes of a part of it.
    """
    import ast
    import io
    code = frame.f_code
    with open(code.co_filename, 'rb') as file:
        tree = ast.parse(file.read())
    functions = ast.FunctionDef, ast.AsyncFunctionDef
    scopes = [tree] if code.co_name == '<module>' else [
        node for node in ast.walk(tree) if isinstance(node, functions) and node.name == code.co_name
        and code.co_firstlineno in [node.lineno] + [each.lineno for each in node.decorator_list]]
    if len(scopes) != 1:
        return False
    nodes = list(ast.walk(scopes[0]))

    def is_recv(node):
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == 'recv'

    if [node.lineno for node in nodes if is_recv(node)].count(frame.f_lineno) != 1:
        return False
    named = [node.targets[0].id for node in nodes
             if isinstance(node, ast.Assign) and node.lineno == frame.f_lineno and is_recv(node.value)
             and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)]
    if len(named) != 1 or any(named[0] in node.names for node in nodes if isinstance(node, (ast.Global, ast.Nonlocal))):
        return False
    uses = [node for node in nodes
            if isinstance(node, ast.Name) and node.id == named[0] and not isinstance(node.ctx, ast.Store)]
    writes = [node.value for node in nodes
              if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
              and isinstance(node.value.func, ast.Attribute) and node.value.func.attr == 'write'
              and isinstance(node.value.func.value, ast.Name)
              and len(node.value.args) == 1 and node.value.args[0] in uses and not node.value.keywords]
    variables = dict(frame.f_globals)
    variables.update(frame.f_locals)
    return len(uses) == len(writes) > 0 and all(
        type(variables.get(write.func.value.id)) is io.BytesIO for write in writes)


def listen(sock, *backlog):
    """socket.socket.listen, until the lane is opened or declined."""
    lane.meet(sock)
    return _socket.socket.listen(sock, *backlog)


def write_lines():
    """
    What the model prints goes out line by line, as at a terminal. Unbuffered, as launch runs it, a print is two writes: its
    text, then its end. Whoever reads its output would be woken for each, while the model waits for that. What it writes to
    sys.stderr goes out at once, as it did: those are its last words, with or without an end.
    """
    stream = getattr(sys, 'stdout', None)
    try:
        if getattr(stream, 'write_through', False) and stream is sys.__stdout__:
            stream.reconfigure(line_buffering=True, write_through=False)
    except ValueError:
        pass                        # closed, or detached: nothing is printed there


def excepthook(kind, error, trace):
    """sys.excepthook: the host hears of what the model dies of, and then everybody else."""
    try:
        import traceback
        lane.last_words(''.join(traceback.format_exception(kind, error, trace)))
    except Exception:
        pass
    lane.previous_hook(kind, error, trace)


def start():
    global lane
    setting, _, path = os.environ.get(SETTING, '').partition(':')
    port, _, option = setting.partition(',')
    if sys.version_info >= (3, 8) and port.isdigit() and option in ('', 'lean') and path:
        lane = Lane(int(port), path, option == 'lean')
        socket.socket.listen = listen


def chain():
    """Runs the sitecustomize that this one hides, if there is one."""
    sys.path[:] = [p for p in sys.path if os.path.abspath(p) != HERE]
    ours = sys.modules.pop('sitecustomize')
    try:
        import sitecustomize
    except ImportError as error:
        if getattr(error, 'name', 'sitecustomize') != 'sitecustomize':
            raise
    finally:
        sys.modules.setdefault('sitecustomize', ours)


if __name__ == 'sitecustomize':
    start()
    chain()
