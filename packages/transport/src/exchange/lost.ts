// The errors of a reply that did not come as a whole, or came with something behind it. They are built here and nowhere else, so
// that they say the same of each carrier.
import type { DetailByCode } from '../errors/error-detail.ts';
import { isTransportError, TransportError } from '../errors/transport-error.ts';

type ClosedCode = 'TRANSPORT_CLOSED_BEFORE_REPLY' | 'TRANSPORT_CLOSED_INSIDE_REPLY';

/** The detail of a reply that was lost. `reset` and `expected` follow from the cause. */
export type LostReply = Omit<DetailByCode[ClosedCode], 'address' | 'reset' | 'expected'> & { readonly address: string };

/**
 * Returns the error for a connection that ended before its reply was whole: TRANSPORT_CLOSED_INSIDE_REPLY if some of the reply came,
 * else TRANSPORT_CLOSED_BEFORE_REPLY.
 * @param what the peer and what it did: `tcp://127.0.0.1:6000 closed the connection`
 * @param cause the system's error, or what the framing missed
 * @param where default: inside the reply, and how far, or before it
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

/** Returns the error for bytes behind a reply where none may be. */
export function trailingError(
  address: string,
  replyBytes: number,
  trailingBytes: number,
): TransportError<'TRANSPORT_BAD_FRAME'> {
  return new TransportError(
    'TRANSPORT_BAD_FRAME',
    `${address} sent ${trailingBytes} bytes behind a reply that says it has ${replyBytes}`,
    { address, replyBytes, trailingBytes },
  );
}
