// The compiler infers an error's detail from its code, and infers nothing wrong in the branch where a guard returns false. The file
// is checked by `tsc -p tsconfig.programs.json --noEmit` and never run.
import { expectTypeOf } from 'vitest';
import { type AnyNpyError, isNpyError, NpyError, type NpyErrorCode, type NpyFault } from '../../src/index.ts';

declare const error: unknown;
declare const ours: AnyNpyError;
declare const anyCode: NpyError;
declare const code: 'NPY_DTYPE' | 'NPY_TRUNCATED';
declare const maybe: 'NPY_DTYPE' | undefined;

// A guard that is given a code narrows to the detail of that code.
if (isNpyError(error, 'NPY_DTYPE')) {
  expectTypeOf(error).toEqualTypeOf<NpyError<'NPY_DTYPE'>>();
  expectTypeOf(error.code).toEqualTypeOf<'NPY_DTYPE'>();
  expectTypeOf(error.detail.expected).toEqualTypeOf<import('../../src/index.ts').DTypeName>();
  // @ts-expect-error this detail belongs to another code
  error.detail.received;
} else expectTypeOf(error).toEqualTypeOf<unknown>();

// After a guard without a code, comparing `code` narrows the detail.
if (isNpyError(error)) {
  expectTypeOf(error).toEqualTypeOf<AnyNpyError>();
  expectTypeOf(error.code).toEqualTypeOf<NpyErrorCode>();
  expectTypeOf(error.fault).toEqualTypeOf<NpyFault>();
  expectTypeOf(error.detail.path).toEqualTypeOf<string | undefined>();
  switch (error.code) {
    case 'NPY_TRUNCATED':
      expectTypeOf(error.detail.received).toEqualTypeOf<number>();
      break;
    case 'NPY_INDEX':
      expectTypeOf(error.detail.length).toEqualTypeOf<number>();
      break;
    default:
      expectTypeOf(error.code).toEqualTypeOf<Exclude<NpyErrorCode, 'NPY_TRUNCATED' | 'NPY_INDEX'>>();
  }
} else expectTypeOf(error).toEqualTypeOf<unknown>();
if (error instanceof NpyError) expectTypeOf(error).toEqualTypeOf<AnyNpyError>();

// If a guard with one code returns false, the error may have any other code. If the guard's code is one of two, false excludes
// neither.
if (isNpyError(ours, 'NPY_DTYPE')) expectTypeOf(ours.detail.actual).toBeString();
else expectTypeOf(ours.code).toEqualTypeOf<Exclude<NpyErrorCode, 'NPY_DTYPE'>>();
if (isNpyError(ours, code)) expectTypeOf(ours.code).toEqualTypeOf<'NPY_DTYPE' | 'NPY_TRUNCATED'>();
else expectTypeOf(ours.code).toEqualTypeOf<NpyErrorCode>();
if (isNpyError(ours, maybe)) expectTypeOf(ours.code).toEqualTypeOf<NpyErrorCode>();
else expectTypeOf(ours).toEqualTypeOf<AnyNpyError>();
if (isNpyError(anyCode, 'NPY_DTYPE')) expectTypeOf(anyCode.detail.actual).toBeString();
else expectTypeOf(anyCode).toEqualTypeOf<NpyError>();
if (!isNpyError(error, code)) expectTypeOf(error).toEqualTypeOf<unknown>();
else expectTypeOf(error.code).toEqualTypeOf<'NPY_DTYPE' | 'NPY_TRUNCATED'>();

// The compiler checks a detail against the code wherever a program makes an error.
new NpyError('NPY_HEADER', 'npy: no header');
new NpyError('NPY_LIMIT', 'npy: too large', { bytes: 10, maxBytes: 5 }, { cause: error, fault: 'data' });
expectTypeOf(new NpyError('NPY_INDEX', 'npy: no such index', { index: -1, length: 5 })).toEqualTypeOf<
  NpyError<'NPY_INDEX'>
>();
// @ts-expect-error the detail is missing
new NpyError('NPY_INDEX', 'npy: no such index');
// @ts-expect-error a property of the detail has another type
new NpyError('NPY_INDEX', 'npy: no such index', { index: -1, length: '5' });
// @ts-expect-error the detail of this code has no such property
new NpyError('NPY_LIMIT', 'npy: too large', { bananas: 1 });
// @ts-expect-error no such code exists
isNpyError(error, 'NPY_BANANA');
