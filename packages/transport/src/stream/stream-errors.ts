// Turns Node's socket errors into errors of this package. No other file looks at an errno of a stream socket.
import type { DetailByCode } from '../errors/error-detail.ts';
import { isTransportError, TransportError } from '../errors/transport-error.ts';
import { lostError } from '../exchange/lost.ts';

const REFUSED = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * Errors raised while connecting that do not prove that there was no connection: a peer that accepts and resets at once may be faster
 * than the event loop. The kernel answers a refused attempt with ECONNREFUSED, and gives these only once the attempt had succeeded.
 */
const ACCEPTED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN']);

/** Returns the error for a connection that could not be made. The peer saw nothing, unless it was made and lost again. */
export function connectError(address: string, cause: NodeJS.ErrnoException): TransportError {
  if (cause.code !== undefined && ACCEPTED.has(cause.code)) return closedError(address, 0, cause);
  if (cause.code !== undefined && REFUSED.has(cause.code)) {
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address }, { cause });
  }
  const why = cause.code ?? cause.message;
  return new TransportError('TRANSPORT_UNREACHABLE', `${address} cannot be reached: ${why}`, { address }, { cause });
}

/** Returns the error for a socket that was connected to itself: the address refuses, as the kernel would have said a moment later. */
export function ownPortError(port: number | undefined): NodeJS.ErrnoException {
  return Object.assign(new Error(`connected to itself, port ${port}`), { code: 'ECONNREFUSED' });
}

/** Returns the error for an address at which a program listens that is not the one that messages are meant for. */
export function strangerError(address: string): TransportError {
  const message = `the program that listens at ${address} is not the one that the message is meant for: nothing was sent`;
  return new TransportError('TRANSPORT_REFUSED', message, { address, stranger: true });
}

/**
 * Returns the error for a connection that ended before its reply was whole.
 * @param cause the socket's error, or what the framing missed
 */
export function closedError(address: string, replyBytes: number, cause?: Error): TransportError {
  return lostError(how(address, cause), { address, replyBytes }, cause);
}

/** Returns the error for a connection that ended before the system had all of a message that has no reply. */
export function untakenError(address: string, cause?: Error): TransportError {
  return lostError(how(address, cause), { address, replyBytes: 0 }, cause, 'before it had taken the message');
}

/** Returns the error for a message that was not sent, because the connection was lost after the messages before it were handed over. */
export function lostBehindError(address: string, cause: Error): TransportError {
  const where = 'after earlier messages, and may not have read the last of them; this message was not sent';
  return lostError(how(address, cause), { address, replyBytes: 0, sent: false }, cause, where);
}

function how(address: string, cause: Error | undefined): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return cause && !isTransportError(cause)
    ? `${address} lost the connection (${code ?? cause.message})`
    : `${address} closed the connection`;
}

/** Returns the error for a caller of the listener at `address` that has gone. */
export function goneError(address: string, peer: string, cause?: NodeJS.ErrnoException): TransportError {
  const how = cause ? `lost the connection (${cause.code ?? cause.message})` : 'closed the connection';
  return new TransportError(
    'TRANSPORT_CALLER_GONE',
    `${peer} ${how} to ${address} before it had its reply`,
    { address, peer, reset: cause !== undefined },
    cause && { cause },
  );
}

/** Returns the error for a connection that the system could not hand over. */
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
