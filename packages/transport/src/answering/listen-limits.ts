// What a listener allows its callers, all together and each: how many, how much, how long.

import { optionsOf } from '../errors/options.ts';
import { checkLimit, defaultFrameLimits, type FrameLimits } from '../framing/limits.ts';

/** What a listener accepts. Any of them may be Infinity. */
export interface ListenLimits extends FrameLimits {
  /**
   * Connections at once. Where one more comes, it takes the place of one that nobody would miss, or that has moved the least; a
   * connection whose request came whole is not closed for that. Default 256.
   */
  readonly maxConnections: number;
  /**
   * Bytes in memory for all callers together: of requests that are coming or being answered, and of replies that were not
   * taken yet. Where it is reached, whoever has held the most for the longest, without a whole request, is closed. Default: two
   * of the largest messages, and 64 MiB at least.
   */
  readonly maxHeldBytes: number;
  /** Milliseconds from the opening of a connection to its first byte. Default 10 000. */
  readonly firstByteMs: number;
  /** Milliseconds between a reply and the next message, where connections are kept. Default 3 600 000, an hour. */
  readonly idleMs: number;
  /** In each so many milliseconds a message that has begun is complete, or `stallBytes` of it came. Default 10 000. */
  readonly stallMs: number;
  /** Default 1024: a caller slower than a hundred bytes a second is none. */
  readonly stallBytes: number;
  /** Milliseconds from a message's first byte to its last: the larger it is, the faster it has to come. Default 1 800 000. */
  readonly messageMs: number;
  /**
   * In each so many milliseconds some of a reply is taken. The system takes what it has room for: of a large reply a piece of
   * a megabyte or two, and then none until that has gone. Default 60 000.
   */
  readonly takeMs: number;
  /** Handlers at work at once. Default 64. */
  readonly maxHandlers: number;
  /** Whole requests that may wait for a handler; whoever brings one more is closed. Default 128. */
  readonly maxQueued: number;
  /** Milliseconds that a handler may take. Then its signal is aborted, and its caller closed. Default 120 000. */
  readonly handlerMs: number;
  /** Milliseconds that closing waits for what is being answered, before it aborts that. Default 10 000. */
  readonly closeMs: number;
}

const DEFAULTS: Omit<ListenLimits, 'maxHeldBytes'> = {
  ...defaultFrameLimits,
  maxConnections: 256,
  firstByteMs: 10_000,
  idleMs: 3_600_000,
  stallMs: 10_000,
  stallBytes: 1024,
  messageMs: 1_800_000,
  takeMs: 60_000,
  maxHandlers: 64,
  maxQueued: 128,
  handlerMs: 120_000,
  closeMs: 10_000,
};
/** What nothing can be listened with none of. */
const AT_LEAST_ONE = new Set([
  'maxConnections',
  'maxHandlers',
  'firstByteMs',
  'idleMs',
  'stallMs',
  'messageMs',
  'takeMs',
  'handlerMs',
]);
const NAMES: readonly string[] = [...Object.keys(DEFAULTS), 'maxHeldBytes'];
const HELD_MESSAGES = 2;
const LEAST_HELD_BYTES = 64 * 2 ** 20;

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveListenLimits(limits?: Partial<ListenLimits> | null): ListenLimits {
  const given = optionsOf('limits', limits, NAMES);
  const value = (name: keyof ListenLimits, byDefault: number): number =>
    checkLimit(name, given[name] === undefined ? byDefault : given[name], AT_LEAST_ONE.has(name) ? 1 : 0);
  const maxMessageBytes = value('maxMessageBytes', DEFAULTS.maxMessageBytes);
  const mostHeld = Math.max(LEAST_HELD_BYTES, HELD_MESSAGES * maxMessageBytes);
  return {
    maxMessageBytes,
    maxHeldBytes: value('maxHeldBytes', mostHeld),
    maxConnections: value('maxConnections', DEFAULTS.maxConnections),
    firstByteMs: value('firstByteMs', DEFAULTS.firstByteMs),
    idleMs: value('idleMs', DEFAULTS.idleMs),
    stallMs: value('stallMs', DEFAULTS.stallMs),
    stallBytes: value('stallBytes', DEFAULTS.stallBytes),
    messageMs: value('messageMs', DEFAULTS.messageMs),
    takeMs: value('takeMs', DEFAULTS.takeMs),
    maxHandlers: value('maxHandlers', DEFAULTS.maxHandlers),
    maxQueued: value('maxQueued', DEFAULTS.maxQueued),
    handlerMs: value('handlerMs', DEFAULTS.handlerMs),
    closeMs: value('closeMs', DEFAULTS.closeMs),
  };
}
