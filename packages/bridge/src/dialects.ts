// What existing Python programs speak on a stream socket. A dialect is a value: the framing of the request, the framing
// of the reply, and how a connection ends.
import { asciiLength, type Framing } from '@bridge/transport';
import type { SocketDialect } from '@bridge/transport/tcp';
import { npyMessage } from './framing/npy-message.ts';

/** A dialect with a name for messages. */
export interface Dialect extends SocketDialect {
  readonly name: string;
}

/**
 * The protocol of the little Python server that this project started from: ten ASCII digits and np.save's bytes there,
 * np.save's bytes back, one connection a message. The reply ends where its own header says, not where the stream ends:
 * the server closes only when the next caller comes.
 */
const seed: Dialect = {
  name: 'seed',
  request: asciiLength({ width: 10 }),
  reply: npyMessage(),
  // The server never closes first, so each frame would leave a TIME_WAIT here and 28 000 frames take every port. A reset
  // behind a reply that was read whole does the server no harm.
  close: 'reset',
};

/** A dialect of your own, one connection a message. */
function prefixed(dialect: { name?: string; request: Framing; reply: Framing }): Dialect {
  return { name: 'prefixed', ...dialect };
}

export const dialects: { readonly seed: Dialect; readonly prefixed: typeof prefixed } = { seed, prefixed };
