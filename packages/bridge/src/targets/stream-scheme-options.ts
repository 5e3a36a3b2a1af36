// Options of the schemes whose messages go over a stream socket: the model's dialect, and limits on a reply.
import { type ReplyLimits, resolveReplyLimits } from '@bridge/transport';
import { type CheckedDialect, checkDialect } from '../dialects/check-dialect.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { seed } from '../dialects/seed.ts';
import { type Names, optionsOf } from '../errors/options.ts';

/** Options of calling a model at a stream socket. */
export interface StreamSchemeOptions {
  /** The dialect of the model. Default: `dialects.seed`. */
  readonly dialect?: Dialect | undefined;
  /** Limits on a reply. Default: at most one gibibyte, and no slower than `stallMs` allows. */
  readonly limits?: Partial<ReplyLimits> | undefined;
}

/** The names of these options, for functions that take others beside them. */
export const STREAM: Names<StreamSchemeOptions> = { dialect: true, limits: true };

/** Checked stream options, in which the dialect is filled in. */
export interface CheckedStreamOptions {
  readonly dialect: CheckedDialect;
  readonly limits: Partial<ReplyLimits> | undefined;
}

/** @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE */
export function checkStreamOptions({ dialect = seed, limits }: StreamSchemeOptions): CheckedStreamOptions {
  return { dialect: checkDialect('dialect', dialect, 'caller'), limits: replyLimits(limits) };
}

const REPLY_LIMITS: Names<ReplyLimits> = { maxMessageBytes: true, stallMs: true, stallBytes: true };

/** @throws BridgeError BRIDGE_OPTION for an unknown limit; TransportError TRANSPORT_BAD_OPTION for an invalid value */
function replyLimits(limits: Partial<ReplyLimits> | null | undefined): Partial<ReplyLimits> | undefined {
  // The transport refuses limits that are not an object, as an invalid value.
  if (typeof limits !== 'object') resolveReplyLimits(limits);
  const given = optionsOf<Partial<ReplyLimits>>('limits', limits, REPLY_LIMITS);
  resolveReplyLimits(given);
  return limits ? given : undefined;
}
