// Programs rely on these types of errors and signals. Every compiler of scripts/check-compilers.mjs compiles this file with the
// types of a browser alone.
import { type AnyTransportError, type Handler, isTransportError, TransportError } from '@bridge/transport';

export function limitOf(error: unknown): number | undefined {
  if (isTransportError(error, 'TRANSPORT_TOO_SLOW')) return error.detail.limitMs;
  if (isTransportError(error)) return error.code === 'TRANSPORT_HANDLER_LATE' ? error.detail.handlerMs : undefined;
  return undefined;
}

/** If a guard with a code returns false, the error keeps its type with the other codes. */
export function codeOf(error: AnyTransportError): string {
  return isTransportError(error, 'TRANSPORT_CLOSED') ? error.message : error.code;
}

/** If the guard's code is one of several, a result of false excludes none of them. */
export function isEither(error: AnyTransportError, code: 'TRANSPORT_REFUSED' | 'TRANSPORT_CLOSED'): string {
  return isTransportError(error, code) ? error.message : error.code;
}

export const made: TransportError<'TRANSPORT_HANDLER_LATE'> = new TransportError('TRANSPORT_HANDLER_LATE', 'late', {
  handlerMs: 5,
});

// @ts-expect-error the detail of this code has other names
export const wrong = new TransportError('TRANSPORT_HANDLER_LATE', 'late', { limitMs: 5 });

/** The handler's signal is assignable to AbortSignal. */
export const handler: Handler = async (_, { signal }) => {
  const aborted: AbortSignal = signal;
  await fetch('https://example.org', { signal: aborted });
};
