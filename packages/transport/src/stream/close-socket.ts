// The ways in which the calling side closes a connection that it has no more use for.
import type { Socket } from 'node:net';

/** A peer that is to close first may take so long. */
const PEER_MS = 1000;
/** The delivery of what was sent is waited for so long, whatever the peer sends in return. */
const FINISH_MS = 5000;
/** A peer that has the rest of something to send may be silent for so long. */
const DRAIN_MS = 60_000;

/**
 * `fin`: in the usual way. `reset`: no TIME_WAIT on either side. `peer`: once the peer has closed, so that the TIME_WAIT is the
 * peer's; a peer that does not close is reset. `drain`: the same, and bytes that still come are read for as long as they come.
 * `delivered`: in the usual way once all is sent; a peer that does not take it is reset. `finish`: our half is closed behind all
 * that was sent, and the socket is destroyed once the peer has closed its half. Until then everything that the peer sends is read,
 * because a socket that is closed with something unread takes back what it still had to deliver. `finish behind peer`: the same,
 * and the peer may close first.
 */
export type CloseMode = 'fin' | 'reset' | 'peer' | 'drain' | 'delivered' | 'finish' | 'finish behind peer';

/** Closes `socket`, from which nothing is wanted any more. */
export function closeSocket(socket: Socket, how: CloseMode): void {
  if (how === 'reset') resetSocket(socket);
  else if (how === 'finish') finish(socket);
  else if (how === 'finish behind peer') finishBehindPeer(socket);
  else if (how === 'fin' || (how !== 'delivered' && !socket.readable)) socket.destroy();
  else if (how === 'drain' || how === 'delivered') {
    if (how === 'delivered') socket.destroySoon();
    socket.removeAllListeners('timeout');
    // The process stays while bytes move, because its end would be the connection's. Silence does not keep it.
    socket.setTimeout(PEER_MS, () => {
      socket.unref();
      socket.setTimeout(DRAIN_MS, () => resetSocket(socket));
    });
  } else {
    socket.unref();
    // The deadline holds whatever the peer sends meanwhile: bytes that drip behind a reply have no end.
    const late = setTimeout(() => resetSocket(socket), PEER_MS).unref();
    socket.once('close', () => clearTimeout(late));
    socket.once('end', () => socket.destroy());
  }
}

/** Closes without a reset: the system delivers what it has for as long as it can. */
function finish(socket: Socket): void {
  socket.end();
  const over = setTimeout(() => socket.destroy(), DRAIN_MS).unref();
  socket.once('close', () => clearTimeout(over));
}

/** Node answers the peer's end with ours. */
function finishBehindPeer(socket: Socket): void {
  const patience = setTimeout(() => finish(socket), PEER_MS);
  socket.once('close', () => clearTimeout(patience));
}

/**
 * Resolves when `socket`, which was left to finish, is closed, or need not be waited for any longer: its peer has been silent for a
 * second, or has gone on sending for five. The socket keeps the process alive no longer than that.
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

/** Resets a TCP socket, and closes a Unix socket, which has no RST and no TIME_WAIT. */
export function resetSocket(socket: Socket): void {
  // A TCP socket remembers its own port once it was asked for. For the peer's port the system is asked each time.
  if (socket.localPort === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
