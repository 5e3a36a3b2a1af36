// Adds a guess to the message of an error if the two ends may speak different dialects: the dialect that the other end seems to speak.
import { isNpyError } from '@bridge/npy';
import { isTransportError, type TransportErrorCode } from '@bridge/transport';
import { retold } from '@bridge/transport/internal';
import { badReply } from '../codecs/bad-message.ts';
import { sampleMessage } from '../codecs/sample-message.ts';
import { unlike } from '../detection/guess-dialect.ts';
import { isBridgeError, withHint } from '../errors/bridge-error.ts';
import type { CheckedDialect } from './check-dialect.ts';

/** Failures of a message that arrived in part, or that breaks its framing. */
const PARTIAL: ReadonlySet<TransportErrorCode> = new Set([
  'TRANSPORT_BAD_FRAME',
  'TRANSPORT_TOO_LARGE',
  'TRANSPORT_TRUNCATED',
  'TRANSPORT_TOO_SLOW',
  'TRANSPORT_CLOSED_INSIDE_REPLY',
  'TRANSPORT_CALLER_GONE',
]);

/** The shortest wait without a reply that gets a hint. A model may compute for less than that. */
const LONG_MS = 1000;

/**
 * Returns the error that the caller of a call gets. An error about a reply that breaks the framing, or that its codec cannot read,
 * becomes BRIDGE_BAD_REPLY. If the reply's first bytes look like another dialect, a guess is added. If no byte arrived, and the
 * model has never answered, a sentence about that is added.
 */
export function explainCall(
  error: unknown,
  dialect: CheckedDialect,
  target: string,
  head: Uint8Array | undefined,
  hasAnswered: boolean,
): unknown {
  const said = isInvalidReply(error) ? badReply(error, dialect.codec.reply, { target }) : error;
  return hintedCall(said, dialect, head, hasAnswered);
}

/** Returns true if an exchange failed because the reply was invalid, and not because it was missing. */
export function isInvalidReply(error: unknown): error is Error {
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
  // The error of a launched model already says how the model ended, and has its last output.
  if (closed && (error.detail.instance !== undefined || error.detail.traceback !== undefined)) return error;
  if (closed)
    return hinted(
      error,
      `a program that speaks another dialect than ${dialect.name} might also close the connection like this`,
    );
  return begun && silentMs >= LONG_MS
    ? hinted(
        error,
        `no byte of a reply arrived: a program that speaks another dialect than ${dialect.name} would also wait`,
      )
    : error;
}

/** Returns for how many milliseconds a message that was begun had no reply; undefined for an error that does not say so. */
function silenceOf(error: unknown): number | undefined {
  if (isBridgeError(error, 'BRIDGE_TIMEOUT')) return error.detail.begun ? error.detail.timeoutMs : undefined;
  if (isBridgeError(error, 'BRIDGE_WEDGED')) return error.detail.begun ? error.detail.silentMs : undefined;
  return undefined;
}

/** Returns a listener's error about a host, with a guess if the first bytes of the host's message look like another dialect. */
export function explainHost(error: unknown, dialect: CheckedDialect): unknown {
  if (!isTransportError(error) || !PARTIAL.has(error.code)) return error;
  const { head } = error.detail;
  return head instanceof Uint8Array && head.length > 0
    ? hinted(error, unlike(dialect.request, head, sampleMessage(dialect.codec.request)))
    : error;
}

/** Returns an error of the same class and code, with a hint at the end of its message and in its detail. */
function hinted(error: unknown, hint: string | undefined): unknown {
  if (hint === undefined) return error;
  if (isTransportError(error)) return retold(error, `${error.message}; ${hint}`, { hint });
  return isBridgeError(error) ? withHint(error, hint) : error;
}

/** Returns the few bytes that an error of npy's reader quotes, for errors without the reply's first bytes. */
function foundBytes(error: unknown): Uint8Array | undefined {
  const { found } = isBridgeError(error, 'BRIDGE_BAD_REPLY') ? error.detail : {};
  if (typeof found !== 'string' || !/^[0-9a-f]{2}( [0-9a-f]{2})*$/.test(found)) return undefined;
  return Uint8Array.from(found.split(' '), (hex) => Number.parseInt(hex, 16));
}
