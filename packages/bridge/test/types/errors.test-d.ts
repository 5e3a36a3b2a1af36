// The compiler infers an error's detail from its code, and infers nothing wrong in the branch where a guard returns false. The file
// is checked by `tsc -p tsconfig.programs.json --noEmit` and never run.
import { expectTypeOf } from 'vitest';
import { type AnyBridgeError, BridgeError, type BridgeErrorCode, isBridgeError } from '../../src/index.ts';

declare const error: unknown;
declare const ours: AnyBridgeError;
declare const code: 'BRIDGE_TIMEOUT' | 'BRIDGE_WEDGED';
declare const maybe: 'BRIDGE_TIMEOUT' | undefined;

// A guard that is given a code narrows to the detail of that code.
if (isBridgeError(error, 'BRIDGE_TIMEOUT')) {
  expectTypeOf(error).toEqualTypeOf<BridgeError<'BRIDGE_TIMEOUT'>>();
  expectTypeOf(error.detail.begun).toEqualTypeOf<boolean>();
  // @ts-expect-error this detail belongs to another code
  error.detail.silentMs;
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (isBridgeError(error, 'BRIDGE_LAUNCH') && error.detail.fault?.kind === 'died')
  expectTypeOf(error.detail.fault.ending.how).toEqualTypeOf<'exited' | 'killed' | 'out of memory' | 'lost'>();
if (isBridgeError(error, 'BRIDGE_TURN')) expectTypeOf(error.detail.holder).toEqualTypeOf<number | undefined>();

// After a guard without a code, comparing `code` narrows the detail.
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

// If a guard with one code returns false, the error may have any other code. If the guard's code is one of two, false excludes
// neither.
if (!isBridgeError(ours, 'BRIDGE_TIMEOUT'))
  expectTypeOf(ours.code).toEqualTypeOf<Exclude<BridgeErrorCode, 'BRIDGE_TIMEOUT'>>();
if (isBridgeError(ours, code)) expectTypeOf(ours.detail.begun).toEqualTypeOf<boolean>();
else expectTypeOf(ours.code).toEqualTypeOf<BridgeErrorCode>();
if (!isBridgeError(ours, maybe)) expectTypeOf(ours).toEqualTypeOf<AnyBridgeError>();

// The compiler checks a detail against the code wherever a program makes an error.
new BridgeError('BRIDGE_OPTION', 'no such option');
expectTypeOf(new BridgeError('BRIDGE_QUEUE_FULL', 'full', { queueLimit: 5 })).toEqualTypeOf<
  BridgeError<'BRIDGE_QUEUE_FULL'>
>();
// @ts-expect-error the detail is missing
new BridgeError('BRIDGE_QUEUE_FULL', 'full');
// @ts-expect-error a property of the detail has another type
new BridgeError('BRIDGE_QUEUE_FULL', 'full', { queueLimit: '5' });
// @ts-expect-error the detail of this code has no such property
new BridgeError('BRIDGE_OPTION', 'wrong', { option: 'x' });
// @ts-expect-error no such code exists
isBridgeError(error, 'BRIDGE_BANANA');
