// The code of an error determines the type of its detail. Every compiler of scripts/check-compilers.mjs compiles this file with the
// types of a browser alone.
import { type AnyNpyError, isNpyError, NpyError, type NpyErrorCode } from '@bridge/npy';
import { isNpyError as isCoreError } from '@bridge/npy/core';

export function byCode(error: unknown): string | number | undefined {
  if (isNpyError(error, 'NPY_DTYPE')) return error.detail.actual;
  if (isCoreError(error, 'NPY_TRUNCATED')) return error.detail.received;
  if (!isNpyError(error)) throw error;
  switch (error.code) {
    case 'NPY_INDEX':
      return error.detail.length;
    case 'NPY_LIMIT':
      return error.detail.maxBytes;
    default:
      return error.detail.path;
  }
}

export function caught(error: unknown): number {
  return error instanceof NpyError && error.code === 'NPY_INDEX' ? error.detail.length : 0;
}

/** An error for which the guard returns false may have any other code. */
export function otherwise(error: AnyNpyError, code: 'NPY_DTYPE' | 'NPY_VALUE'): NpyErrorCode {
  if (isNpyError(error, code)) return error.code satisfies 'NPY_DTYPE' | 'NPY_VALUE';
  const rest: NpyErrorCode = error.code;
  // @ts-expect-error the error may have the other one of the two codes
  const other: Exclude<NpyErrorCode, 'NPY_DTYPE' | 'NPY_VALUE'> = error.code;
  return other ?? rest;
}

export const made: NpyError<'NPY_LIMIT'> = new NpyError('NPY_LIMIT', 'npy: too large', { bytes: 2, maxBytes: 1 });
// @ts-expect-error this detail belongs to another code
new NpyError('NPY_LIMIT', 'npy: too large', { received: 2 });
export const inList: AnyNpyError[] = [made, new TypeError('no'), undefined].filter(isNpyError);
