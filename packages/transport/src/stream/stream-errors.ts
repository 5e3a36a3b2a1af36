// Turns Node's errors of stream sockets into errors of this package, by their `code`.
import type { DetailByCode } from '../errors/error-detail.ts';
import { isTransportError, TransportError } from '../errors/transport-error.ts';
import { lostError } from '../exchange/reply-errors.ts';

const REFUSED = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * Errors before the event `connect` that do not prove that no connection was established: a peer may accept and reset a connection before
 * the event loop gets to it. The kernel's error for a refused connection is ECONNREFUSED, and it has these only after a connection.
 */
const ACCEPTED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN']);

/** Returns the error for a failed attempt to connect: one that proves that the peer received nothing, unless `cause` is one of ACCEPTED. */
export function connectError(address: string, cause: NodeJS.ErrnoException): TransportError {
  if (cause.code !== undefined && ACCEPTED.has(cause.code)) return closedError(address, 0, cause);
  if (cause.code !== undefined && REFUSED.has(cause.code)) {
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address }, { cause });
  }
  const why = cause.code ?? cause.message;
  return new TransportError('TRANSPORT_UNREACHABLE', `${address} cannot be reached: ${why}`, { address }, { cause });
}

/** Returns the system's error for a socket that is connected to itself. No program listens on the port, so it is ECONNREFUSED. */
export function ownPortError(port: number | undefined): NodeJS.ErrnoException {
  return Object.assign(new Error(`connected to itself, port ${port}`), { code: 'ECONNREFUSED' });
}

/** Returns the error for an address at which another program listens than the one that messages are meant for. */
export function strangerError(address: string): TransportError {
  const message = `the program that listens at ${address} is not the one that the message is meant for: nothing was sent`;
  return new TransportError('TRANSPORT_REFUSED', message, { address, stranger: true });
}

/**
 * Returns the error for a connection that ended before its reply was whole.
 * @param cause the socket's error, or the decoder's TRANSPORT_TRUNCATED
 */
export function closedError(address: string, replyBytes: number, cause?: Error): TransportError {
  return lostError(lossText(address, cause), { address, replyBytes }, cause);
}

/** Returns the error for a connection that ended before the system had all of a message without a reply. */
export function untakenError(address: string, cause?: Error): TransportError {
  return lostError(lossText(address, cause), { address, replyBytes: 0 }, cause, 'before all of the message was sent');
}

/** Returns the error for a message that was not sent, because the connection was lost after earlier messages without replies. */
export function lostBehindError(address: string, cause: Error): TransportError {
  const where = 'after earlier messages, and may not have read the last of them; this message was not sent';
  return lostError(lossText(address, cause), { address, replyBytes: 0, sent: false }, cause, where);
}

/** Returns the beginning of an error's message: the peer, and whether it closed or lost the connection. */
function lossText(address: string, cause: Error | undefined): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return cause && !isTransportError(cause)
    ? `${address} lost the connection (${code ?? cause.message})`
    : `${address} closed the connection`;
}

/** Returns the error for a caller that has gone, of the listener at `address`. */
export function callerGoneError(address: string, peer: string, cause?: NodeJS.ErrnoException): TransportError {
  const loss = cause ? `lost the connection (${cause.code ?? cause.message})` : 'closed the connection';
  return new TransportError(
    'TRANSPORT_CALLER_GONE',
    `${peer} ${loss} to ${address} before it had its reply`,
    { address, peer, reset: cause !== undefined },
    cause && { cause },
  );
}

/** Returns the error for a connection that could not be accepted. */
export function acceptError(address: string, cause: NodeJS.ErrnoException): TransportError {
  const why = cause.code ?? cause.message;
  return new TransportError(
    'TRANSPORT_ADDRESS',
    `${address} could not accept a connection: ${why}`,
    { address },
    { cause },
  );
}

/** Returns the error for an address that cannot be listened on. */
export function listenError(
  address: string,
  cause: NodeJS.ErrnoException,
  why: string = listenReason(cause),
  detail: Omit<DetailByCode['TRANSPORT_ADDRESS'], 'address'> = {},
): TransportError {
  const message = `cannot listen at ${address}: ${why}`;
  return new TransportError('TRANSPORT_ADDRESS', message, { address, ...detail }, { cause });
}

function listenReason({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case undefined:
      return message;
    case 'EADDRINUSE':
      return 'another program listens there';
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address (EADDRNOTAVAIL)';
    case 'ENOTFOUND':
      return 'the host name cannot be resolved (ENOTFOUND)';
    default:
      return code;
  }
}
