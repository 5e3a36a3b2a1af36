// The limits of a listener with connections: on their number, and on the pace of each caller.

import { optionsOf } from '../errors/options.ts';
import { checkLimit } from '../framing/limits.ts';
import { ANSWER_LIMITS, type AnswerLimits, answerLimitsOf } from './answer-limits.ts';

/** Limits on the connections and requests of a listener. Any of them may be Infinity. */
export interface ListenLimits extends AnswerLimits {
  /**
   * The most open connections. Beyond it, the listener closes a connection that is silent, slow or idle. If each has sent a whole request,
   * it closes the newest of those whose request it has not admitted yet. Default 256.
   */
  readonly maxConnections: number;
  /** Milliseconds from the beginning of a connection to its first byte. Default 10 000. */
  readonly firstByteMs: number;
  /** Milliseconds between a reply and the next message on a persistent connection. Default 3 600 000, an hour. */
  readonly idleMs: number;
  /**
   * In each period of this many milliseconds, an unfinished message has to become whole, or `stallBytes` more of it have to arrive.
   * Default 10 000.
   */
  readonly stallMs: number;
  /** Bytes of a message that have to arrive in each `stallMs`. Default 1024, which is about a hundred bytes a second. */
  readonly stallBytes: number;
  /** Milliseconds from a message's first byte to its last. Default 1 800 000, half an hour. */
  readonly messageMs: number;
  /**
   * Milliseconds within which the system has to take the next piece of a reply. The system takes what it has room for: a piece of a
   * megabyte or two of a large reply, and then nothing until the caller has read that. Default 60 000.
   */
  readonly takeMs: number;
}

const DEFAULTS: Omit<ListenLimits, keyof AnswerLimits> = {
  maxConnections: 256,
  firstByteMs: 10_000,
  idleMs: 3_600_000,
  stallMs: 10_000,
  stallBytes: 1024,
  messageMs: 1_800_000,
  takeMs: 60_000,
};
const NAMES: readonly string[] = [...ANSWER_LIMITS, ...Object.keys(DEFAULTS)];

/**
 * Returns the limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveListenLimits(limits?: Partial<ListenLimits> | null): ListenLimits {
  const given = optionsOf('limits', limits, NAMES);
  const value = (name: keyof typeof DEFAULTS, least = 1): number =>
    checkLimit(name, given[name] === undefined ? DEFAULTS[name] : given[name], least);
  return {
    ...answerLimitsOf(given),
    maxConnections: value('maxConnections'),
    firstByteMs: value('firstByteMs'),
    idleMs: value('idleMs'),
    stallMs: value('stallMs'),
    stallBytes: value('stallBytes', 0),
    messageMs: value('messageMs'),
    takeMs: value('takeMs'),
  };
}
