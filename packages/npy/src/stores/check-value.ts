// Checks values before they are stored, and makes the error for those that do not fit.
import type { NpyDetailByCode } from '../error-detail.ts';
import { NpyError } from '../errors.ts';

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * Returns the error for a value that a dtype cannot hold.
 * @param what the dtype, and its size if it has one
 * @param found the value, or its type
 */
export function cannotHold(
  what: string,
  value: unknown,
  found: string = typeof value,
  detail?: NpyDetailByCode['NPY_VALUE'],
): NpyError {
  return new NpyError('NPY_VALUE', `npy: ${what} cannot hold ${found}`, { ...detail, value });
}

/** Returns `value` if it is a number. @throws NpyError NPY_VALUE if it is not */
export function checkNumber(dtype: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw cannotHold(dtype, value);
}

/** Returns both parts of a complex number. @throws NpyError NPY_VALUE if `value` is not one */
export function checkComplex(dtype: string, value: unknown): Complex {
  const complex = complexOf(value);
  if (complex) return complex;
  throw cannotHold(`${dtype} of { re, im }`, value);
}

/** Returns `value` as a complex number; undefined if it is not one. */
export function complexOf(value: unknown): Complex | undefined {
  const { re, im } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Complex>;
  return typeof re === 'number' && typeof im === 'number' ? { re, im } : undefined;
}
