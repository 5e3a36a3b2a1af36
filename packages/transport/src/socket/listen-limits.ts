// What a listener allows its callers, all together and each: how many, how much, how long.
import { type FrameLimits, resolveFrameLimits } from '../framing/limits.ts';
import { optionError, optionsObject } from '../options.ts';

/** What a listener accepts. Any of them may be Infinity. */
export interface ListenLimits extends FrameLimits {
  /** Connections at once; one more is closed as it comes. Default 256. */
  readonly maxConnections: number;
  /**
   * Bytes in memory for all callers together: of requests that are coming or being answered, and of replies that were not
   * taken yet. The caller whose bytes are too many is closed. Default: two of the largest messages.
   */
  readonly maxHeldBytes: number;
  /** Milliseconds from the opening of a connection to its first byte. Default 10 000. */
  readonly firstByteMs: number;
  /** Milliseconds between a reply and the next message, where connections are kept. Default: Infinity. */
  readonly idleMs: number;
  /** In each so many milliseconds a message that has begun is complete, or `stallBytes` of it came. Default 10 000. */
  readonly stallMs: number;
  /** Default 1024: a caller slower than a hundred bytes a second is none. */
  readonly stallBytes: number;
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

const DEFAULTS: Omit<ListenLimits, 'maxMessageBytes' | 'maxHeldBytes'> = {
  maxConnections: 256,
  firstByteMs: 10_000,
  idleMs: Number.POSITIVE_INFINITY,
  stallMs: 10_000,
  stallBytes: 1024,
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
  'takeMs',
  'handlerMs',
]);
const HELD_MESSAGES = 2;

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function resolveListenLimits(limits?: Partial<ListenLimits> | null): ListenLimits {
  const { maxMessageBytes } = resolveFrameLimits(limits);
  const defaults: ListenLimits = { ...DEFAULTS, maxMessageBytes, maxHeldBytes: HELD_MESSAGES * maxMessageBytes };
  const given = optionsObject('limits', limits);
  const value = (name: keyof ListenLimits): number => {
    const { [name]: limit = defaults[name] } = given;
    const least = AT_LEAST_ONE.has(name) ? 1 : 0;
    if (typeof limit === 'number' && limit >= least) return limit;
    throw optionError(`limits.${name}`, `a number from ${least} on`, limit);
  };
  return {
    maxMessageBytes,
    maxHeldBytes: value('maxHeldBytes'),
    maxConnections: value('maxConnections'),
    firstByteMs: value('firstByteMs'),
    idleMs: value('idleMs'),
    stallMs: value('stallMs'),
    stallBytes: value('stallBytes'),
    takeMs: value('takeMs'),
    maxHandlers: value('maxHandlers'),
    maxQueued: value('maxQueued'),
    handlerMs: value('handlerMs'),
    closeMs: value('closeMs'),
  };
}
