// The dialects of the small Python server with which this project began (the seed), and of two variants of it.
//   request   "921728    " | np.save's bytes
//   reply     np.save's bytes
import { asciiLength } from '@bridge/transport';
import type { Dialect } from './dialect.ts';
import { npyMessage } from './npy-message.ts';

const HEADER_SIZE = 10;

/**
 * The request is ten ASCII digits and np.save's bytes, the reply np.save's bytes, and each message has a connection of its own. The reply
 * ends where its own header says, not where the stream ends: the server closes a connection only when the next caller connects.
 */
export const seed: Dialect = {
  name: 'seed',
  request: asciiLength({ width: HEADER_SIZE }),
  reply: npyMessage(),
  // The server never closes first, so an ordinary close would leave a TIME_WAIT here for each message, and 28 000 messages would take
  // every port. A reset does no harm to the server once its reply has been read.
  close: 'reset',
};

/** The dialect `seed`, for a server that closes each connection after its reply. The caller waits for the server to close. */
export const seedClosing: Dialect = { ...seed, name: 'seedClosing', close: 'peer' };

/** The dialect `seed` with ten digits in both directions: the reply has its length in front of it, too. */
export const tenDigits: Dialect = { ...seed, name: 'tenDigits', reply: asciiLength({ width: HEADER_SIZE }) };
