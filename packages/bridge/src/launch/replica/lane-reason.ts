// Explains to users why a model has no lane, the fast path that replaces its socket. The reasons come from the shim (packages/bridge/shim),
// a package that is loaded into the model's Python; the explanations do not presume that a reader knows the shim.

const MEANINGS: readonly (readonly [reason: RegExp, meaning: string])[] = [
  [
    /does not wait/,
    'a socket of the model has a timeout or is non-blocking (settimeout, setblocking(False), asyncio, select). A lane needs plain blocking sockets',
  ],
  [
    /uses (recv|recv_into|send|sendall|accept)\b.* of a connection/,
    'the model accepts a connection in one thread and uses it in another. A lane (a faster way than the port) needs one thread for both',
  ],
  [
    /uses makefile of a connection/,
    'the model reads a connection as a file (makefile, socketserver.StreamRequestHandler, http.server). A lane needs recv and sendall',
  ],
  [
    /(uses fileno of a connection|asks for its file descriptor|detaches)/,
    'the model hands the number of its socket to something else (select, poll, a child process, a C library). A lane has no such number',
  ],
  [
    /uses \S+ of a connection/,
    'the model uses a method of its connection that a lane does not have. A lane needs recv and sendall on a blocking socket',
  ],
  [
    /in a thread|while a message is unanswered/,
    'the model serves its callers in threads. A lane needs one message after the other, in the main thread',
  ],
  [
    /forks|forked|multiprocessing/,
    'the model serves its callers in child processes (fork, multiprocessing, gunicorn). A lane needs the process that was started',
  ],
  [/on several sockets/, 'the model listens on more than one socket at its port. A lane takes the place of one'],
  [
    /it listens with/,
    'the model listens with another class than socket.socket (TLS, a subclass). A lane needs a plain socket',
  ],
  [
    /no shim was loaded/,
    'the model did not load the shim. A lane needs a Python program, started as `python3 FILE`, without -I, -E or -S, and with the variable PYTHONPATH passed on',
  ],
];

/** Returns an explanation of a reason; undefined if the reason needs none. */
export function meaningOf(reason: string): string | undefined {
  const [, meaning] = MEANINGS.find(([each]) => each.test(reason)) ?? [];
  if (meaning === undefined) return undefined;
  return `this means: ${meaning}. Nothing has to be done about it: messages go by its port, as \`connect\` sends them`;
}
