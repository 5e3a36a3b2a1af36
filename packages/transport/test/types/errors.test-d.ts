// The compiler infers an error's detail from its code, and infers nothing wrong in the branch where a guard returns false. A
// handler gets an AbortSignal; a carrier also takes signals with fewer methods. The file is checked by
// `tsc -p tsconfig.programs.json --noEmit` and never run.
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

// A guard that is given a code narrows to the detail of that code.
if (isTransportError(error, 'TRANSPORT_CLOSED_INSIDE_REPLY')) {
  expectTypeOf(error).toEqualTypeOf<TransportError<'TRANSPORT_CLOSED_INSIDE_REPLY'>>();
  expectTypeOf(error.detail.replyBytes).toEqualTypeOf<number>();
  // @ts-expect-error this detail belongs to another code
  error.detail.limitMs;
} else expectTypeOf(error).toEqualTypeOf<unknown>();

// After a guard without a code, comparing `code` narrows the detail.
if (isTransportError(error)) {
  expectTypeOf(error).toEqualTypeOf<AnyTransportError>();
  expectTypeOf(error.detail.address).toEqualTypeOf<string | undefined>();
  if (error.code === 'TRANSPORT_TOO_SLOW') expectTypeOf(error.detail.limitMs).toEqualTypeOf<number>();
  else expectTypeOf(error.code).toEqualTypeOf<Exclude<TransportErrorCode, 'TRANSPORT_TOO_SLOW'>>();
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (error instanceof TransportError) expectTypeOf(error).toEqualTypeOf<AnyTransportError>();

// If a guard with one code returns false, the error may have any other code. If the guard's code is one of two, false excludes
// neither.
if (!isTransportError(ours, 'TRANSPORT_REFUSED'))
  expectTypeOf(ours.code).toEqualTypeOf<Exclude<TransportErrorCode, 'TRANSPORT_REFUSED'>>();
if (!isTransportError(ours, code)) expectTypeOf(ours.code).toEqualTypeOf<TransportErrorCode>();
if (!isTransportError(ours, maybe)) expectTypeOf(ours).toEqualTypeOf<AnyTransportError>();

// The compiler checks a detail against the code wherever a program makes an error.
new TransportError('TRANSPORT_REFUSED', 'nobody listens');
// @ts-expect-error the detail is missing
new TransportError('TRANSPORT_HANDLER_LATE', 'late');
// @ts-expect-error a property of the detail has another type
new TransportError('TRANSPORT_HANDLER_LATE', 'late', { handlerMs: '5' });
// @ts-expect-error the detail of this code has no such property
new TransportError('TRANSPORT_REFUSED', 'nobody listens', { bananas: 1 });
// @ts-expect-error no such code exists
isTransportError(error, 'TRANSPORT_BANANA');

// The types of signals.
export const handler: Handler = async (_, { signal }) => {
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  await fetch('http://127.0.0.1', { signal });
};
declare const carrier: Carrier;
declare const signal: Signal;
await carrier.exchange([], { signal });
await carrier.exchange([], { signal: AbortSignal.timeout(5) });
