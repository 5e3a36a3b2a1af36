// The ways in which the calling side leaves a connection that it has no more use for.
import type { Socket } from 'node:net';

/** How long a peer that is to close first may take. */
const PEER_MS = 1000;

/**
 * Leaves `socket`, on which nothing is expected any more. `fin`: in the usual way. `reset`: no TIME_WAIT on either side.
 * `peer`: once the peer has closed, so that the TIME_WAIT is his; one that does not close is reset.
 */
export function leave(socket: Socket, how: 'fin' | 'reset' | 'peer'): void {
  if (how === 'reset') reset(socket);
  else if (how === 'fin' || !socket.readable) socket.destroy();
  else {
    socket.unref();
    socket.setTimeout(PEER_MS, () => reset(socket));
    socket.once('end', () => socket.destroy());
  }
}

/** Resets `socket` where its kind knows that, and closes it otherwise: a Unix socket has no RST, nor a TIME_WAIT. */
export function reset(socket: Socket): void {
  if (socket.remoteFamily === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
