// The store of elements that are not bytes: any values, such as a codec for objects reads from a pickle.
import type { Descr } from '../dtype/descr.ts';
import type { StringDType } from '../dtype/stringdtype.ts';
import { NpyError } from '../errors.ts';
import { checkIndex } from './memory-store.ts';

/** A store of `object` elements. */
export class ObjectStore {
  readonly dtype = 'object';
  /** `|O`, the fields of a structured dtype in which there are objects, or NumPy's StringDType. */
  readonly descr: Descr | StringDType;
  /** The elements themselves. */
  readonly raw: unknown[];
  /** The array that the codec returned, if one read the elements: by it the codec can write the same bytes again. */
  readonly source: unknown;

  /** @throws NpyError NPY_ARRAY if `raw` is not a list */
  constructor(raw: unknown[], descr: Descr | StringDType = '|O', source?: unknown) {
    if (!Array.isArray(raw)) throw new NpyError('NPY_ARRAY', 'npy: an ObjectStore takes a list', { raw });
    this.raw = raw;
    this.descr = descr;
    this.source = source;
  }

  get length(): number {
    return this.raw.length;
  }

  get(index: number): unknown {
    return this.raw[checkIndex(index, this.length)];
  }

  /** Stores any value. The codec decides later if the value can be saved. @throws NpyError NPY_INDEX */
  set(index: number, value: unknown): void {
    this.raw[checkIndex(index, this.length)] = value;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.raw[Symbol.iterator]();
  }
}
