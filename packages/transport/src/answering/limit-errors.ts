// Why a listener gives a caller up that has not broken its framing. Where it was is added with `at`.
import { TransportError } from '../errors/transport-error.ts';
import type { ListenLimits } from './listen-limits.ts';

/** One of the bounds that all callers share is reached, and this caller is the one who has to go. */
export function overloadedError(limit: keyof ListenLimits, value: number): TransportError {
  return new TransportError('TRANSPORT_OVERLOADED', `closed to make room: ${limit} is ${value}`, { limit, value });
}

/** This program has few descriptors left, and with none the system would turn away whoever connects, and tell no program. */
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

/** The same, to a caller who was closed so that others can come in. */
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

/** The caller did not send, or take, as much as it has to in so long. */
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

/** The handler has not answered in time. */
export function lateError(handlerMs: number): TransportError {
  return new TransportError('TRANSPORT_HANDLER_LATE', `the handler has not answered within ${handlerMs} ms`, {
    handlerMs,
  });
}

/** The listener is closed, and has waited for as long as it waits. */
export function cutError(address: string, closeMs: number): TransportError {
  return new TransportError(
    'TRANSPORT_CLOSED',
    `${address} was closed, and this was not answered within ${closeMs} ms`,
    { address, closeMs },
  );
}
