// The names of limits with correct values. The misuse tests of several packages replace each with wrong values.
import { options } from '../../npy/test/support/misuse.ts';

export const replyLimits = options({ maxMessageBytes: 5, stallMs: 5, stallBytes: 5 });
const answer = { maxMessageBytes: 5, maxHeldBytes: 5, maxHandlers: 5, maxQueued: 5, handlerMs: 5, closeMs: 5 };
export const answerLimits = options(answer);
export const listenLimits = options({
  ...answer,
  maxConnections: 5,
  firstByteMs: 5,
  idleMs: 5,
  stallMs: 5,
  stallBytes: 5,
  messageMs: 5,
  takeMs: 5,
});
