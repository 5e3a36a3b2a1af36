// The limits of every listener, whatever carries the messages: on the size and number of requests, and on time.

import { optionsOf } from '../errors/options.ts';
import { checkLimit, defaultFrameLimits, type FrameLimits } from '../framing/limits.ts';

/** Limits on what is answered. Any of them may be Infinity. */
export interface AnswerLimits extends FrameLimits {
  /**
   * Bytes in memory for all callers together: of requests that are coming or being answered, and of replies that were not taken yet.
   * At the limit the caller that has held the most for the longest, without a whole request, is closed. Default: two of the largest
   * messages, and 64 MiB at least.
   */
  readonly maxHeldBytes: number;
  /** Handlers at work at once. Default 64. */
  readonly maxHandlers: number;
  /** Whole requests that may wait for a handler. A caller that brings one more is closed. Default 128. */
  readonly maxQueued: number;
  /** Milliseconds that a handler may take. After that its signal is aborted and its caller closed. Default 120 000. */
  readonly handlerMs: number;
  /** Milliseconds that closing waits for what is being answered. After that it aborts the rest. Default 10 000. */
  readonly closeMs: number;
}

/** The defaults, but for `maxHeldBytes`, which depends on `maxMessageBytes`. */
export const ANSWER_DEFAULTS: Omit<AnswerLimits, 'maxHeldBytes'> = {
  ...defaultFrameLimits,
  maxHandlers: 64,
  maxQueued: 128,
  handlerMs: 120_000,
  closeMs: 10_000,
};
/** The names of all of them. */
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
