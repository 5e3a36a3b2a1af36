// The ways in which the calling side leaves a connection that it has no more use for.
import type { Socket } from 'node:net';

/** How long a peer that is to close first may take. */
const PEER_MS = 1000;
/** How long what was sent is waited for, whatever the peer sends in return. */
const FINISH_MS = 5000;
/** How long a peer that owes us the rest of something may be silent. */
const DRAIN_MS = 60_000;

/**
 * `fin`: in the usual way. `reset`: no TIME_WAIT on either side. `peer`: once the peer has closed, so that the TIME_WAIT is
 * his; one that does not close is reset. `drain`: the same, and what still comes is taken for as long as it comes.
 * `delivered`: in the usual way once all is sent; one that does not take it is reset. `finish`: our half is closed behind all
 * that was sent, and the socket goes once the peer has closed his: whatever he sends until then is read, since a socket that is
 * closed with something unread takes back what it still had to deliver. `finish behind peer`: the same, and the peer may
 * close first.
 */
export type Leaving = 'fin' | 'reset' | 'peer' | 'drain' | 'delivered' | 'finish' | 'finish behind peer';

/** Leaves `socket`, of which nothing is wanted any more. */
export function leave(socket: Socket, how: Leaving): void {
  if (how === 'reset') reset(socket);
  else if (how === 'finish') finish(socket);
  else if (how === 'finish behind peer') finishBehindPeer(socket);
  else if (how === 'fin' || (how !== 'delivered' && !socket.readable)) socket.destroy();
  else if (how === 'drain' || how === 'delivered') {
    if (how === 'delivered') socket.destroySoon();
    socket.removeAllListeners('timeout');
    // As long as anything moves the process stays, or its end would be the connection's. Silence alone keeps nobody.
    socket.setTimeout(PEER_MS, () => {
      socket.unref();
      socket.setTimeout(DRAIN_MS, () => reset(socket));
    });
  } else {
    socket.unref();
    // Whatever it sends meanwhile: what drips behind a reply has no end.
    const late = setTimeout(() => reset(socket), PEER_MS).unref();
    socket.once('close', () => clearTimeout(late));
    socket.once('end', () => socket.destroy());
  }
}

/** Never by a reset: what the system has is delivered for as long as it can be. */
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
 * When `socket`, which was left to finish, is closed; or as soon as nobody waits for that any more: its peer has been silent
 * for a second, or has gone on sending for five. It keeps the process alive no longer than that.
 */
export function finished(socket: Socket): Promise<void> {
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

/** Resets `socket` where its kind knows that, and closes it otherwise: a Unix socket has no RST, nor a TIME_WAIT. */
export function reset(socket: Socket): void {
  // A TCP socket remembers its own port once it was asked for it; of the other end the system is asked each time.
  if (socket.localPort === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
