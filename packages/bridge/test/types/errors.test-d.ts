// The compiler knows an error's detail by its code, and concludes nothing wrong in the branch where a guard answers false.
// Checked by `tsc -p tsconfig.programs.json --noEmit`; never run.
import { expectTypeOf } from 'vitest';
import { type AnyBridgeError, BridgeError, type BridgeErrorCode, isBridgeError } from '../../src/index.ts';

declare const error: unknown;
declare const ours: AnyBridgeError;
declare const code: 'BRIDGE_TIMEOUT' | 'BRIDGE_WEDGED';
declare const maybe: 'BRIDGE_TIMEOUT' | undefined;

// With a code, its detail.
if (isBridgeError(error, 'BRIDGE_TIMEOUT')) {
  expectTypeOf(error).toEqualTypeOf<BridgeError<'BRIDGE_TIMEOUT'>>();
  expectTypeOf(error.detail.begun).toEqualTypeOf<boolean>();
  // @ts-expect-error of another code
  error.detail.silentMs;
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (isBridgeError(error, 'BRIDGE_LAUNCH') && error.detail.fault?.kind === 'died')
  expectTypeOf(error.detail.fault.ending.how).toEqualTypeOf<'exited' | 'killed' | 'out of memory' | 'lost'>();
if (isBridgeError(error, 'BRIDGE_TURN')) expectTypeOf(error.detail.holder).toEqualTypeOf<number | undefined>();

// Without one, its code tells.
if (isBridgeError(error)) {
  expectTypeOf(error).toEqualTypeOf<AnyBridgeError>();
  expectTypeOf(error.detail.hint).toEqualTypeOf<string | undefined>();
  switch (error.code) {
    case 'BRIDGE_SCHEMA':
      expectTypeOf(error.detail.side).toEqualTypeOf<'input' | 'output' | 'request'>();
      break;
    case 'BRIDGE_QUEUE_FULL':
      expectTypeOf(error.detail.queueLimit).toEqualTypeOf<number>();
      break;
    default:
      expectTypeOf(error.code).toEqualTypeOf<Exclude<BridgeErrorCode, 'BRIDGE_SCHEMA' | 'BRIDGE_QUEUE_FULL'>>();
  }
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (error instanceof BridgeError) expectTypeOf(error).toEqualTypeOf<AnyBridgeError>();

// An error without one code may have any other; an error without one of two codes may have the other of the two.
if (!isBridgeError(ours, 'BRIDGE_TIMEOUT'))
  expectTypeOf(ours.code).toEqualTypeOf<Exclude<BridgeErrorCode, 'BRIDGE_TIMEOUT'>>();
if (isBridgeError(ours, code)) expectTypeOf(ours.detail.begun).toEqualTypeOf<boolean>();
else expectTypeOf(ours.code).toEqualTypeOf<BridgeErrorCode>();
if (!isBridgeError(ours, maybe)) expectTypeOf(ours).toEqualTypeOf<AnyBridgeError>();

// A detail is held against the code, wherever an error is made.
new BridgeError('BRIDGE_OPTION', 'no such option');
expectTypeOf(new BridgeError('BRIDGE_QUEUE_FULL', 'full', { queueLimit: 5 })).toEqualTypeOf<
  BridgeError<'BRIDGE_QUEUE_FULL'>
>();
// @ts-expect-error without its detail
new BridgeError('BRIDGE_QUEUE_FULL', 'full');
// @ts-expect-error with a part of another type
new BridgeError('BRIDGE_QUEUE_FULL', 'full', { queueLimit: '5' });
// @ts-expect-error with a part that it has not
new BridgeError('BRIDGE_OPTION', 'wrong', { option: 'x' });
// @ts-expect-error a code that does not exist
isBridgeError(error, 'BRIDGE_BANANA');
