// What a caller allows the peer that answers it: how large a reply, and how slow.
import { optionsOf } from '../errors/options.ts';
import { checkLimit, defaultFrameLimits, type FrameLimits } from '../framing/limits.ts';

/** Bounds on a reply. Any of them may be Infinity. */
export interface ReplyLimits extends FrameLimits {
  /**
   * A reply that comes, comes at a pace: in each so many milliseconds in which some of it comes, `stallBytes` of it do, and a
   * sixtieth of the whole. One such time may fall short, since a peer may begin a reply and then compute. Times without any bytes are
   * not counted. Default 10 000.
   */
  readonly stallMs: number;
  /** Bytes that have to come in each `stallMs`. Default 1024, which is about a hundred bytes a second. */
  readonly stallBytes: number;
}

const DEFAULTS: ReplyLimits = { ...defaultFrameLimits, stallMs: 10_000, stallBytes: 1024 };
/** The names of all of them. */
export const REPLY_LIMITS: readonly string[] = Object.keys(DEFAULTS);

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveReplyLimits(limits?: Partial<ReplyLimits> | null): ReplyLimits {
  const given = optionsOf('limits', limits, REPLY_LIMITS);
  const value = (name: keyof ReplyLimits, least?: number): number =>
    checkLimit(name, given[name] === undefined ? DEFAULTS[name] : given[name], least);
  return { maxMessageBytes: value('maxMessageBytes'), stallMs: value('stallMs', 1), stallBytes: value('stallBytes') };
}
