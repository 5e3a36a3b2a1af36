// Booleans: one byte each, 0 or 1. A byte that is neither reads as true and is kept as it is.
import { NpyError } from '../errors.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** A store of `bool` elements. */
export class BoolStore implements Store<boolean> {
  readonly dtype = 'bool';
  readonly length: number;
  /** One byte an element. */
  readonly raw: Uint8Array;

  constructor(raw: Uint8Array | number) {
    this.raw = rawOf<Uint8Array>(raw, 1, Uint8Array);
    this.length = this.raw.length;
  }

  get(index: number): boolean {
    return this.raw[index] !== 0;
  }

  set(index: number, value: boolean): void {
    if (typeof value !== 'boolean') throw new NpyError('NPY_VALUE', `npy: bool cannot hold ${typeof value}`, { value });
    this.raw[index] = value ? 1 : 0;
  }

  [Symbol.iterator](): Iterator<boolean> {
    return elementsOf(this);
  }
}
