// The limits of a caller on replies: their size and their pace.
import { optionsOf } from '../errors/options.ts';
import { checkLimit, defaultFrameLimits, type FrameLimits } from '../framing/limits.ts';

/** Limits on a reply. Any of them may be Infinity. */
export interface ReplyLimits extends FrameLimits {
  /**
   * In each period of this many milliseconds, at least `stallBytes` of the reply and a sixtieth of the whole have to arrive. A period
   * without any bytes does not count, and one period may have too few, because a peer may begin a reply and then compute. Default 10 000.
   */
  readonly stallMs: number;
  /** Bytes of a reply that have to arrive in each `stallMs`. Default 1024, which is about a hundred bytes a second. */
  readonly stallBytes: number;
}

const DEFAULTS: ReplyLimits = { ...defaultFrameLimits, stallMs: 10_000, stallBytes: 1024 };
const REPLY_LIMITS: readonly string[] = Object.keys(DEFAULTS);

/** The most bytes that a framing may add to the largest message. */
const FRAMING_BYTES = 2 ** 20;

/**
 * Returns the number of bytes, framing included, beyond which a reply counts as endless. This is for a reply that is read and not decoded;
 * a decoder knows the exact limit.
 */
export function endlessBytes({ maxMessageBytes }: ReplyLimits): number {
  return maxMessageBytes + FRAMING_BYTES;
}

/**
 * Returns the limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveReplyLimits(limits?: Partial<ReplyLimits> | null): ReplyLimits {
  const given = optionsOf('limits', limits, REPLY_LIMITS);
  const value = (name: keyof ReplyLimits, least?: number): number =>
    checkLimit(name, given[name] === undefined ? DEFAULTS[name] : given[name], least);
  return { maxMessageBytes: value('maxMessageBytes'), stallMs: value('stallMs', 1), stallBytes: value('stallBytes') };
}
