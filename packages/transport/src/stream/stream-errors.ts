// Node's socket errors in this package's words. Every errno that is told apart is told apart here.
import type { DetailByCode } from '../errors/error-detail.ts';
import { isTransportError, TransportError } from '../errors/transport-error.ts';
import { lostError } from '../exchange/lost.ts';

const REFUSED = new Set(['ECONNREFUSED', 'ENOENT']);
/**
 * Raised while connecting, and yet no proof that nobody was connected to: a peer who accepts and resets at once may be
 * faster than the event loop. The kernel answers a refused attempt with ECONNREFUSED, and these only once it had succeeded.
 */
const ACCEPTED = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ENOTCONN']);

/** The connection could not be made: unless it was made and lost again, the peer saw nothing. */
export function connectError(address: string, cause: NodeJS.ErrnoException): TransportError {
  if (cause.code !== undefined && ACCEPTED.has(cause.code)) return closedError(address, 0, cause);
  if (cause.code !== undefined && REFUSED.has(cause.code)) {
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address }, { cause });
  }
  const why = cause.code ?? cause.message;
  return new TransportError('TRANSPORT_UNREACHABLE', `${address} cannot be reached: ${why}`, { address }, { cause });
}

/** What a socket that met itself stands for: the address refuses, as its own kernel would have said a moment later. */
export function ownPortError(port: number | undefined): NodeJS.ErrnoException {
  return Object.assign(new Error(`connected to itself, port ${port}`), { code: 'ECONNREFUSED' });
}

/** Somebody else listens there than whom messages are meant for: nothing was sent. */
export function strangerError(address: string): TransportError {
  const message = `somebody else listens at ${address} than whom the message is meant for: nothing was sent`;
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

/** Returns the error for a message that was not sent, because the connection of messages before it was lost behind them. */
export function lostBehindError(address: string, cause: Error): TransportError {
  const where = 'behind messages that were handed over: the last of them may not have been read; this one was not sent';
  return lostError(how(address, cause), { address, replyBytes: 0, sent: false }, cause, where);
}

function how(address: string, cause: Error | undefined): string {
  const { code } = (cause ?? {}) as NodeJS.ErrnoException;
  return cause && !isTransportError(cause)
    ? `${address} lost the connection (${code ?? cause.message})`
    : `${address} closed the connection`;
}

/** Whoever was connected to a listener at `address` is gone. */
export function goneError(address: string, peer: string, cause?: NodeJS.ErrnoException): TransportError {
  const how = cause ? `lost the connection (${cause.code ?? cause.message})` : 'closed the connection';
  return new TransportError(
    'TRANSPORT_CALLER_GONE',
    `${peer} ${how} to ${address} before it had its reply`,
    { address, peer, reset: cause !== undefined },
    cause && { cause },
  );
}

/** The system could not hand over a connection. */
export function acceptError(address: string, cause: NodeJS.ErrnoException): TransportError {
  const why = cause.code ?? cause.message;
  return new TransportError(
    'TRANSPORT_ADDRESS',
    `${address} could not accept a connection: ${why}`,
    { address },
    { cause },
  );
}

/** The address could not be listened on. */
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
      return 'it is no address of this machine (EADDRNOTAVAIL)';
    case 'ENOTFOUND':
      return 'the name is not known (ENOTFOUND)';
    default:
      return code;
  }
}
