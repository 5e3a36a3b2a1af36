// The options of calling a model at a stream socket, for `tcp:` and `unix:` addresses: the model's dialect, and limits on a reply.
import { type ReplyLimits, resolveReplyLimits } from '@bridge/transport';
import { type CheckedDialect, checkDialect } from '../dialects/check-dialect.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { seed } from '../dialects/seed.ts';
import { type Names, optionsOf } from '../errors/options.ts';

/** Options of calling a model at a stream socket. */
export interface StreamCallOptions {
  /** The dialect of the model. Default: `dialects.seed`. */
  readonly dialect?: Dialect | undefined;
  /** Limits on the size and pace of a reply. Default: one gibibyte, and the defaults of `stallMs` and `stallBytes`. */
  readonly limits?: Partial<ReplyLimits> | undefined;
}

/** The names of these options. */
export const STREAM_CALL_OPTIONS: Names<StreamCallOptions> = { dialect: true, limits: true };

/** The checked options, with the default of the dialect filled in. */
export interface CheckedCallOptions {
  readonly dialect: CheckedDialect;
  readonly limits: Partial<ReplyLimits> | undefined;
}

/**
 * Returns the checked options.
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkCallOptions({ dialect = seed, limits }: StreamCallOptions): CheckedCallOptions {
  return { dialect: checkDialect('dialect', dialect, 'caller'), limits: replyLimits(limits) };
}

const REPLY_LIMITS: Names<ReplyLimits> = { maxMessageBytes: true, stallMs: true, stallBytes: true };

/**
 * Returns the checked limits.
 * @throws BridgeError BRIDGE_OPTION if a limit is unknown; TransportError TRANSPORT_BAD_OPTION if its value is invalid
 */
function replyLimits(limits: Partial<ReplyLimits> | null | undefined): Partial<ReplyLimits> | undefined {
  // For limits that are not an object, the transport throws TRANSPORT_BAD_OPTION.
  if (typeof limits !== 'object') resolveReplyLimits(limits);
  const given = optionsOf<Partial<ReplyLimits>>('limits', limits, REPLY_LIMITS);
  resolveReplyLimits(given);
  return limits ? given : undefined;
}
