// The errors of callers that exceed a limit of a listener, and of handlers that do. `withAddress` adds the listener's address later.
import { TransportError } from '../errors/transport-error.ts';
import type { ListenLimits } from './listen-limits.ts';

/** Returns the error for a caller whose connection is closed because a limit that all callers share is reached. */
export function overloadedError(limit: keyof ListenLimits, value: number): TransportError {
  return new TransportError('TRANSPORT_OVERLOADED', `closed to make room: ${limit} is ${value}`, { limit, value });
}

/**
 * Returns the error for a program with few file descriptors left. With none left, the system would close new connections without an event.
 */
export function descriptorsError(
  address: string,
  cause: Error & { readonly code?: string | undefined },
): TransportError {
  return new TransportError(
    'TRANSPORT_OVERLOADED',
    `${address}: this program has nearly as many files and connections open as it may (${cause.code}); connections are closed ` +
      'to make room for others: raise the limit (ulimit -n), or lower maxConnections',
    { address, limit: 'descriptors' },
    { cause },
  );
}

/** Returns the error for a caller whose connection is closed because few file descriptors are left. */
export function descriptorsRoomError(open: number): TransportError {
  return new TransportError(
    'TRANSPORT_OVERLOADED',
    `closed to make room: few file descriptors are left, and ${open} connections are open`,
    {
      limit: 'descriptors',
      value: open,
    },
  );
}

/** Returns the error for a caller that sent too little of a request, or read too little of a reply, within a time limit. */
export function tooSlowError(
  what: 'first byte' | 'next message' | 'request' | 'reply',
  limit: keyof ListenLimits,
  limitMs: number,
  bytes: number,
): TransportError {
  const slow =
    what === 'request'
      ? `sent too little of its request in ${limitMs} ms: ${bytes} bytes of it have arrived`
      : what === 'reply'
        ? `read nothing of its reply for ${limitMs} ms: ${bytes} bytes of it are left`
        : `sent nothing for ${limitMs} ms: its ${what} was due`;
  return new TransportError('TRANSPORT_TOO_SLOW', `the caller ${slow}`, { what, limit, limitMs, bytes });
}

/** Returns the error for a handler that has not answered in time. */
export function lateError(handlerMs: number): TransportError {
  return new TransportError('TRANSPORT_HANDLER_LATE', `the handler has not answered within ${handlerMs} ms`, {
    handlerMs,
  });
}

/** Returns the error for a request that was not answered before its listener, which is being closed, stopped waiting. */
export function cutError(address: string, closeMs: number): TransportError {
  return new TransportError(
    'TRANSPORT_CLOSED',
    `${address} was closed, and this request was not answered within ${closeMs} ms`,
    { address, closeMs },
  );
}
