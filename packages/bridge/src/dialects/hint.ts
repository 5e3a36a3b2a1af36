// A sentence for an error where the two ends may not speak the same dialect: it guesses which one the other end speaks.
import { isNpyError } from '@bridge/npy';
import { isTransportError, TransportError, type TransportErrorCode } from '@bridge/transport';
import { badReply } from '../codecs/bad-message.ts';
import { sampleMessage } from '../codecs/sample-message.ts';
import { unlike } from '../detection/guess-dialect.ts';
import { isBridgeError, withHint } from '../errors/bridge-error.ts';
import type { CheckedDialect } from './check-dialect.ts';

/** Failures of a message that came in part, or in a way that its framing does not know. */
const PARTIAL: ReadonlySet<TransportErrorCode> = new Set([
  'TRANSPORT_BAD_FRAME',
  'TRANSPORT_TOO_LARGE',
  'TRANSPORT_TRUNCATED',
  'TRANSPORT_TOO_SLOW',
  'TRANSPORT_CLOSED_INSIDE_REPLY',
  'TRANSPORT_CALLER_GONE',
]);

/** Shorter silences get no hint: a model may compute for that long. */
const LONG_MS = 1000;

/**
 * Returns a call's error in the words of its caller: bytes that break the framing, or that their codec cannot read, become
 * BRIDGE_BAD_REPLY; a guess is added where the reply's first bytes look like another dialect's; and where no byte came, a sentence
 * about that, unless the model has answered before.
 */
export function explainCall(
  error: unknown,
  dialect: CheckedDialect,
  target: string,
  head: Uint8Array | undefined,
  hasAnswered: boolean,
): unknown {
  const said = isNoReply(error) ? badReply(error, dialect.codec.reply, { target }) : error;
  return hintedCall(said, dialect, head, hasAnswered);
}

/** Returns whether an exchange failed because the reply was invalid, and not because it was missing. */
function isNoReply(error: unknown): error is Error {
  return isNpyError(error) || isTransportError(error, 'TRANSPORT_BAD_FRAME');
}

function hintedCall(
  error: unknown,
  dialect: CheckedDialect,
  head: Uint8Array | undefined,
  hasAnswered: boolean,
): unknown {
  if (isTransportError(error) && error.fault !== 'peer') return error;
  const silentMs = silenceOf(error);
  const begun = silentMs !== undefined;
  const closed = isTransportError(error, 'TRANSPORT_CLOSED_BEFORE_REPLY');
  const partial = (isTransportError(error) && PARTIAL.has(error.code)) || isBridgeError(error, 'BRIDGE_BAD_REPLY');
  const bytes = head ?? foundBytes(error);
  if (bytes && bytes.length > 0)
    return begun || partial ? hinted(error, unlike(dialect.reply, bytes, sampleMessage(dialect.codec.reply))) : error;
  if (hasAnswered || dialect.reply.carriesNothing) return error;
  // The error of a launched model says already how the model ended, and its last words.
  if (closed && (error.detail.instance !== undefined || error.detail.traceback !== undefined)) return error;
  if (closed) return hinted(error, `a program that speaks another dialect than ${dialect.name} may do that, too`);
  return begun && silentMs >= LONG_MS
    ? hinted(error, `nothing of a reply came: a program that speaks another dialect than ${dialect.name} waits, too`)
    : error;
}

/** Returns for how many milliseconds a message that was begun had no reply, if that is what the error says. */
function silenceOf(error: unknown): number | undefined {
  if (isBridgeError(error, 'BRIDGE_TIMEOUT')) return error.detail.begun ? error.detail.timeoutMs : undefined;
  if (isBridgeError(error, 'BRIDGE_WEDGED')) return error.detail.begun ? error.detail.silentMs : undefined;
  return undefined;
}

/** Returns the error that a front is told of a host, with a guess where the first bytes of its message look like another dialect's. */
export function explainHost(error: unknown, dialect: CheckedDialect): unknown {
  if (!isTransportError(error) || !PARTIAL.has(error.code)) return error;
  const { head } = error.detail;
  return head instanceof Uint8Array && head.length > 0
    ? hinted(error, unlike(dialect.request, head, sampleMessage(dialect.codec.request)))
    : error;
}

/** Returns an error of the same class and code, whose message has one more sentence at its end. */
function hinted(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined) return error;
  if (isTransportError(error)) {
    const { code, message, detail, fault, cause } = error;
    return new TransportError(code, `${message}; ${hint}`, { ...detail, hint }, { fault, cause });
  }
  return isBridgeError(error) ? withHint(error, hint) : error;
}

/** The few bytes that a reader of .npy quotes, where nobody saw more. */
function foundBytes(error: unknown): Uint8Array | undefined {
  const { found } = isBridgeError(error, 'BRIDGE_BAD_REPLY') ? error.detail : {};
  if (typeof found !== 'string' || !/^[0-9a-f]{2}( [0-9a-f]{2})*$/.test(found)) return undefined;
  return Uint8Array.from(found.split(' '), (hex) => Number.parseInt(hex, 16));
}
