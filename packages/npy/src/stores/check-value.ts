// What a store is given, where it may be anything: numbers and complex numbers, and the one way to refuse a value.
import { NpyError } from '../errors.ts';

/** A complex number. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * Refuses a value.
 * @param what the dtype, and its size where it has one
 * @param found the value, or what it is
 */
export function unheld(what: string, value: unknown, found: string = typeof value, detail?: object): NpyError {
  return new NpyError('NPY_VALUE', `npy: ${what} cannot hold ${found}`, { ...detail, value });
}

/** @throws NpyError NPY_VALUE when `value` is no number */
export function checkNumber(dtype: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw unheld(dtype, value);
}

/** Both parts, each read once. @throws NpyError NPY_VALUE when `value` is no complex number */
export function checkComplex(dtype: string, value: unknown): Complex {
  const complex = complexOf(value);
  if (complex) return complex;
  throw unheld(`${dtype} of { re, im }`, value);
}

/** The complex number that `value` is; undefined for anything else. */
export function complexOf(value: unknown): Complex | undefined {
  const { re, im } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Complex>;
  return typeof re === 'number' && typeof im === 'number' ? { re, im } : undefined;
}
