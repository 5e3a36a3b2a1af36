// What a caller allows the peer that answers it: how large a reply, and how slow.

import { optionError, optionsObject } from '../options.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';

/** Bounds on a reply. Any of them may be Infinity. */
export interface ReplyLimits extends FrameLimits {
  /**
   * A reply that comes, comes at a pace: in each so many milliseconds in which some of it comes, `stallBytes` of it do, and a
   * sixtieth of the whole. Once that may not be so: a peer may begin, and think. Silence is not counted. Default 10 000.
   */
  readonly stallMs: number;
  /** Default 1024: a peer slower than a hundred bytes a second is none. */
  readonly stallBytes: number;
}

const DEFAULTS = { stallMs: 10_000, stallBytes: 1024 };
const NAMES = ['maxMessageBytes', ...Object.keys(DEFAULTS)];

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveReplyLimits(limits?: Partial<ReplyLimits> | null): ReplyLimits {
  const frame = resolveFrameLimits(limits, NAMES);
  const given = optionsObject('limits', limits);
  const value = (name: keyof typeof DEFAULTS, least: number): number => {
    const { [name]: limit = DEFAULTS[name] } = given;
    if (typeof limit === 'number' && limit >= least) return limit;
    throw optionError(`limits.${name}`, `a number from ${least} on`, limit);
  };
  return { ...frame, stallMs: value('stallMs', 1), stallBytes: value('stallBytes', 0) };
}
