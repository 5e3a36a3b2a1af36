// The little Python server that this project started from, and its relatives.
//   request   "921728    " | np.save's bytes
//   reply     np.save's bytes
import { asciiLength } from '@bridge/transport';
import type { Dialect } from './dialect.ts';
import { npyMessage } from './npy-message.ts';

const HEADER_SIZE = 10;

/**
 * Ten ASCII digits and np.save's bytes there, np.save's bytes back, one connection for each message. The reply ends where its own
 * header says, not where the stream ends: the server closes only when the next caller comes.
 */
export const seed: Dialect = {
  name: 'seed',
  request: asciiLength({ width: HEADER_SIZE }),
  reply: npyMessage(),
  // The server never closes first, so each frame would leave a TIME_WAIT here and 28 000 frames take every port. A reset
  // behind a reply that was read whole does the server no harm.
  close: 'reset',
};

/** The dialect `seed` of a server that closes each connection itself after its reply. The caller lets it close first. */
export const seedClosing: Dialect = { ...seed, name: 'seedClosing', close: 'peer' };

/** Ten digits in both directions: the reply has its length in front of it, too. */
export const tenDigits: Dialect = { ...seed, name: 'tenDigits', reply: asciiLength({ width: HEADER_SIZE }) };
