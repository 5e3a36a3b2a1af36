// The limits that every listener has, with or without sockets: on the size and number of requests, and on time.

import { optionsOf } from '../errors/options.ts';
import { checkLimit, defaultFrameLimits, type FrameLimits } from '../framing/limits.ts';

/** Limits on the requests of a listener. Any of them may be Infinity. */
export interface AnswerLimits extends FrameLimits {
  /**
   * Bytes in memory for all callers together: of requests that are arriving or being answered, and of replies that the system has not taken
   * yet. At the limit the connection with the most bytes for the longest time, of those without a whole request, is closed. Default: twice
   * `maxMessageBytes`, and at least 64 MiB.
   */
  readonly maxHeldBytes: number;
  /** The most handlers at work at once. Default 64. */
  readonly maxHandlers: number;
  /** The most whole requests that wait for a handler. The connection of one more is closed. Default 128. */
  readonly maxQueued: number;
  /** Milliseconds that a handler may take. After that its signal aborts and its caller's connection is closed. Default 120 000. */
  readonly handlerMs: number;
  /** Milliseconds for which `close()` waits for requests that are being answered. After that it aborts their handlers. Default 10 000. */
  readonly closeMs: number;
}

/** The defaults, without that of `maxHeldBytes`, which depends on `maxMessageBytes`. */
export const ANSWER_DEFAULTS: Omit<AnswerLimits, 'maxHeldBytes'> = {
  ...defaultFrameLimits,
  maxHandlers: 64,
  maxQueued: 128,
  handlerMs: 120_000,
  closeMs: 10_000,
};
/** The names of all limits. */
export const ANSWER_LIMITS: readonly string[] = [...Object.keys(ANSWER_DEFAULTS), 'maxHeldBytes'];

const HELD_MESSAGES = 2;
const LEAST_HELD_BYTES = 64 * 2 ** 20;

/**
 * Returns the limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveAnswerLimits(limits?: Partial<AnswerLimits> | null): AnswerLimits {
  return answerLimitsOf(optionsOf('limits', limits, ANSWER_LIMITS));
}

/** Returns the limits in force, from options whose names were checked. @throws TransportError TRANSPORT_BAD_OPTION */
export function answerLimitsOf(given: Readonly<Record<string, unknown>>): AnswerLimits {
  const value = (name: keyof typeof ANSWER_DEFAULTS, least = 0): number =>
    checkLimit(name, given[name] === undefined ? ANSWER_DEFAULTS[name] : given[name], least);
  const maxMessageBytes = value('maxMessageBytes');
  const { maxHeldBytes = Math.max(LEAST_HELD_BYTES, HELD_MESSAGES * maxMessageBytes) } = given;
  return {
    maxMessageBytes,
    maxHeldBytes: checkLimit('maxHeldBytes', maxHeldBytes),
    maxHandlers: value('maxHandlers', 1),
    maxQueued: value('maxQueued'),
    handlerMs: value('handlerMs', 1),
    closeMs: value('closeMs'),
  };
}
