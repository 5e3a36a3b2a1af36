// The errors for a reply that did not arrive whole, and for bytes that follow a reply. All carriers use these functions, so that the errors
// are the same for each of them.
import type { DetailByCode } from '../errors/error-detail.ts';
import { isTransportError, TransportError } from '../errors/transport-error.ts';

type ClosedCode = 'TRANSPORT_CLOSED_BEFORE_REPLY' | 'TRANSPORT_CLOSED_INSIDE_REPLY';

/** The detail of a lost reply. `reset` and `expected` are filled in from the cause. */
export type LostReply = Omit<DetailByCode[ClosedCode], 'address' | 'reset' | 'expected'> & { readonly address: string };

/**
 * Returns the error for a connection that ended before its reply was whole: TRANSPORT_CLOSED_INSIDE_REPLY if a part of the reply has
 * arrived, else TRANSPORT_CLOSED_BEFORE_REPLY.
 * @param what the beginning of the message, with a subject and a verb: `tcp://127.0.0.1:6000 closed the connection`
 * @param cause the system's error, or the decoder's TRANSPORT_TRUNCATED
 * @param where the rest of the message. Default: `before its reply`, or `inside its reply` with the number of bytes
 */
export function lostError(
  what: string,
  detail: LostReply,
  cause?: unknown,
  where?: string,
): TransportError<ClosedCode> {
  const missing = isTransportError(cause, 'TRANSPORT_TRUNCATED') ? cause : undefined;
  const inside = detail.replyBytes > 0;
  const place = inside
    ? `inside its reply: ${missing?.message ?? `after ${detail.replyBytes} bytes`}`
    : 'before its reply';
  return new TransportError<ClosedCode>(
    inside ? 'TRANSPORT_CLOSED_INSIDE_REPLY' : 'TRANSPORT_CLOSED_BEFORE_REPLY',
    `${what} ${where ?? place}`,
    { expected: missing?.detail.expected, reset: cause !== undefined && !isTransportError(cause), ...detail },
    cause === undefined ? {} : { cause },
  );
}

/** Returns the error for bytes after a reply, where none may follow. */
export function trailingError(
  address: string,
  replyBytes: number,
  trailingBytes: number,
): TransportError<'TRANSPORT_BAD_FRAME'> {
  return new TransportError(
    'TRANSPORT_BAD_FRAME',
    `${address} sent ${trailingBytes} bytes after its reply of ${replyBytes} bytes, where none may follow`,
    { address, replyBytes, trailingBytes },
  );
}
