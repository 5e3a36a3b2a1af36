// The ways in which a caller closes a connection that it does not use any more.
import type { Socket } from 'node:net';

/** The time for a peer that is to close first. Also the longest silence of a peer that is waited for. */
const PEER_MS = 1000;
/** The longest time for which `whenFinished` waits, whatever the peer sends meanwhile. */
const FINISH_MS = 5000;
/** The longest silence of a peer before its connection is reset or destroyed. */
const DRAIN_MS = 60_000;

/**
 * The way to close a connection.
 * - `fin`: in the usual way.
 * - `reset`: by a TCP reset, so that neither side has a TIME_WAIT.
 * - `peer`: after the peer has closed it, so that the peer has the TIME_WAIT; by a reset if the peer does not close it within a second.
 * - `drain`: like `peer`, but bytes that arrive meanwhile are read, and the connection is reset only after the peer was silent.
 * - `delivered`: in the usual way once everything is sent; by a reset if the peer does not read it.
 * - `finish`: our half is closed after everything that was sent, and the socket is destroyed once the peer has closed its half. Bytes that
 *   the peer sends are read until then, because a socket that is closed with unread bytes discards what it still has to deliver.
 * - `finish behind peer`: like `finish`, but the peer may close first.
 */
export type CloseMode = 'fin' | 'reset' | 'peer' | 'drain' | 'delivered' | 'finish' | 'finish behind peer';

/** Closes `socket`. Bytes that still arrive are not used. */
export function closeSocket(socket: Socket, how: CloseMode): void {
  if (how === 'reset') resetSocket(socket);
  else if (how === 'finish') finish(socket);
  else if (how === 'finish behind peer') finishBehindPeer(socket);
  else if (how === 'fin' || (how !== 'delivered' && !socket.readable)) socket.destroy();
  else if (how === 'drain' || how === 'delivered') {
    if (how === 'delivered') socket.destroySoon();
    socket.removeAllListeners('timeout');
    // The connection keeps the process alive while bytes move, because it would end with the process; not while it is silent.
    socket.setTimeout(PEER_MS, () => {
      socket.unref();
      socket.setTimeout(DRAIN_MS, () => resetSocket(socket));
    });
  } else {
    socket.unref();
    // The deadline does not depend on what the peer sends, because a peer may send single bytes for ever.
    const late = setTimeout(() => resetSocket(socket), PEER_MS).unref();
    socket.once('close', () => clearTimeout(late));
    socket.once('end', () => socket.destroy());
  }
}

/** Closes a socket as `finish`. There is no reset, so the system goes on to deliver what it has. */
function finish(socket: Socket): void {
  socket.end();
  const over = setTimeout(() => socket.destroy(), DRAIN_MS).unref();
  socket.once('close', () => clearTimeout(over));
}

/** Closes a socket as `finish behind peer`: Node closes our half when the peer has closed its half. */
function finishBehindPeer(socket: Socket): void {
  const patience = setTimeout(() => finish(socket), PEER_MS);
  socket.once('close', () => clearTimeout(patience));
}

/**
 * Resolves when a socket that is being closed as `finish` is closed, or its peer has been silent for a second, or five seconds have passed.
 * After that the socket does not keep the process alive.
 */
export function whenFinished(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(patience);
      socket.unref();
      resolve();
    };
    const patience = setTimeout(end, FINISH_MS);
    socket.removeAllListeners('timeout');
    socket.setTimeout(PEER_MS, end);
    socket.once('close', end);
  });
}

/** Resets a TCP socket. Closes a Unix socket, which has neither resets nor TIME_WAIT. */
export function resetSocket(socket: Socket): void {
  // Only TCP sockets have a local port. Node caches it, but not the peer's port.
  if (socket.localPort === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
