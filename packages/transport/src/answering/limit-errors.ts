// The errors for which a listener closes callers that have not broken their framing. `withAddress` adds the address.
import { TransportError } from '../errors/transport-error.ts';
import type { ListenLimits } from './listen-limits.ts';

/** Returns the error for a caller that is closed because a limit that all callers share is reached. */
export function overloadedError(limit: keyof ListenLimits, value: number): TransportError {
  return new TransportError('TRANSPORT_OVERLOADED', `closed to make room: ${limit} is ${value}`, { limit, value });
}

/** Returns the error for a program with few descriptors left. Without any the system would turn callers away, and tell no program. */
export function descriptorsError(
  address: string,
  cause: Error & { readonly code?: string | undefined },
): TransportError {
  return new TransportError(
    'TRANSPORT_OVERLOADED',
    `${address}: this program has nearly as many files and connections open as it may (${cause.code}); callers are closed to ` +
      'make room for others: raise the limit (ulimit -n), or lower maxConnections',
    { address, limit: 'descriptors' },
    { cause },
  );
}

/** Returns the error for a caller that is closed because few descriptors are left. */
export function descriptorsRoomError(open: number): TransportError {
  return new TransportError(
    'TRANSPORT_OVERLOADED',
    `closed to make room: few descriptors are left, ${open} connections are open`,
    {
      limit: 'descriptors',
      value: open,
    },
  );
}

/** Returns the error for a caller that did not send, or take, enough in time. */
export function tooSlowError(
  what: 'first byte' | 'next message' | 'request' | 'reply',
  limit: keyof ListenLimits,
  limitMs: number,
  bytes: number,
): TransportError {
  const slow =
    what === 'request'
      ? `sent ${bytes} bytes of its message, and too few of them in ${limitMs} ms`
      : what === 'reply'
        ? `left ${bytes} bytes of its reply untaken for ${limitMs} ms`
        : `sent nothing for ${limitMs} ms where its ${what} was due`;
  return new TransportError('TRANSPORT_TOO_SLOW', `the caller ${slow}`, { what, limit, limitMs, bytes });
}

/** Returns the error for a handler that has not answered in time. */
export function lateError(handlerMs: number): TransportError {
  return new TransportError('TRANSPORT_HANDLER_LATE', `the handler has not answered within ${handlerMs} ms`, {
    handlerMs,
  });
}

/** Returns the error for a request that was not answered before its listener stopped waiting. */
export function cutError(address: string, closeMs: number): TransportError {
  return new TransportError(
    'TRANSPORT_CLOSED',
    `${address} was closed, and this was not answered within ${closeMs} ms`,
    { address, closeMs },
  );
}
