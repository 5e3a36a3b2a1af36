// The compiler knows an error's detail by its code, and concludes nothing wrong in the branch where a guard answers false. The signals that
// are handed out are AbortSignals, and those that are taken need less.
// Checked by `tsc -p tsconfig.programs.json --noEmit`; never run.
import { expectTypeOf } from 'vitest';
import {
  type AnyTransportError,
  type Carrier,
  type Handler,
  isTransportError,
  type Signal,
  TransportError,
  type TransportErrorCode,
} from '../../src/index.ts';

declare const error: unknown;
declare const ours: AnyTransportError;
declare const code: 'TRANSPORT_REFUSED' | 'TRANSPORT_TOO_SLOW';
declare const maybe: 'TRANSPORT_REFUSED' | undefined;

// With a code, its detail.
if (isTransportError(error, 'TRANSPORT_CLOSED_INSIDE_REPLY')) {
  expectTypeOf(error).toEqualTypeOf<TransportError<'TRANSPORT_CLOSED_INSIDE_REPLY'>>();
  expectTypeOf(error.detail.replyBytes).toEqualTypeOf<number>();
  // @ts-expect-error of another code
  error.detail.limitMs;
} else expectTypeOf(error).toEqualTypeOf<unknown>();

// Without one, its code tells.
if (isTransportError(error)) {
  expectTypeOf(error).toEqualTypeOf<AnyTransportError>();
  expectTypeOf(error.detail.address).toEqualTypeOf<string | undefined>();
  if (error.code === 'TRANSPORT_TOO_SLOW') expectTypeOf(error.detail.limitMs).toEqualTypeOf<number>();
  else expectTypeOf(error.code).toEqualTypeOf<Exclude<TransportErrorCode, 'TRANSPORT_TOO_SLOW'>>();
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (error instanceof TransportError) expectTypeOf(error).toEqualTypeOf<AnyTransportError>();

// An error without one code may have any other; an error without one of two codes may have the other of the two.
if (!isTransportError(ours, 'TRANSPORT_REFUSED'))
  expectTypeOf(ours.code).toEqualTypeOf<Exclude<TransportErrorCode, 'TRANSPORT_REFUSED'>>();
if (!isTransportError(ours, code)) expectTypeOf(ours.code).toEqualTypeOf<TransportErrorCode>();
if (!isTransportError(ours, maybe)) expectTypeOf(ours).toEqualTypeOf<AnyTransportError>();

// A detail is held against the code, wherever an error is made.
new TransportError('TRANSPORT_REFUSED', 'nobody listens');
// @ts-expect-error without its detail
new TransportError('TRANSPORT_HANDLER_LATE', 'late');
// @ts-expect-error with a part of another type
new TransportError('TRANSPORT_HANDLER_LATE', 'late', { handlerMs: '5' });
// @ts-expect-error with a part that it has not
new TransportError('TRANSPORT_REFUSED', 'nobody listens', { bananas: 1 });
// @ts-expect-error a code that does not exist
isTransportError(error, 'TRANSPORT_BANANA');

// Signals.
export const handler: Handler = async (_, { signal }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  await fetch('http://127.0.0.1', { signal });
};
declare const carrier: Carrier;
declare const signal: Signal;
await carrier.exchange([], { signal });
await carrier.exchange([], { signal: AbortSignal.timeout(5) });
