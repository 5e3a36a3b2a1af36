// The limits of a listener with connections: on their number, and on the pace of each.

import { optionsOf } from '../errors/options.ts';
import { checkLimit } from '../framing/limits.ts';
import { ANSWER_LIMITS, type AnswerLimits, answerLimitsOf } from './answer-limits.ts';

/** Limits on what a listener takes. Any of them may be Infinity. */
export interface ListenLimits extends AnswerLimits {
  /**
   * Connections at once. One more takes the place of the connection that would be missed the least, or has moved the least; a
   * connection whose request came whole is not closed for that. Default 256.
   */
  readonly maxConnections: number;
  /** Milliseconds from the opening of a connection to its first byte. Default 10 000. */
  readonly firstByteMs: number;
  /** Milliseconds between a reply and the next message, where connections are kept. Default 3 600 000, an hour. */
  readonly idleMs: number;
  /** In each so many milliseconds a message that has begun is complete, or `stallBytes` of it came. Default 10 000. */
  readonly stallMs: number;
  /** Bytes that have to come in each `stallMs`. Default 1024: a caller slower than a hundred bytes a second is closed. */
  readonly stallBytes: number;
  /** Milliseconds from a message's first byte to its last: a larger message has to come faster. Default 1 800 000. */
  readonly messageMs: number;
  /**
   * In each so many milliseconds some of a reply is taken. The system takes what it has room for: of a large reply a piece of
   * a megabyte or two, and then nothing until that has left. Default 60 000.
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
