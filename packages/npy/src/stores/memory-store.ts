// What every store over memory is: so many words of it an element, and one rule for the index. Outside of the elements there
// is nothing: where a typed array answers undefined, and drops what it is given, a store refuses. In memory that was
// transferred away there are no elements.
import type { DTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { allocateBytes, checkLength } from '../memory/allocate.ts';
import type { RawArray, Store } from './store.ts';

/** The typed array that a store stands on. */
export interface RawType<R> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): R;
}

/** A store whose elements are words of `raw`, one behind the other. */
export abstract class MemoryStore<T, R extends RawArray> implements Store<T> {
  abstract readonly dtype: DTypeName;
  readonly raw: R;
  /** Words of `raw` that an element takes. */
  readonly words: number;
  /** Of elements without words, how many there are said to be. */
  readonly said: number;

  /**
   * @param raw the memory, or a number of elements
   * @param words words of `raw` that are an element
   * @param length elements, where an element has no words
   * @throws NpyError NPY_ARRAY for memory of another type or not of whole elements, NPY_LIMIT when there is none of that size
   */
  constructor(raw: R | number, words: number, type: RawType<R>, length?: number) {
    this.words = checkLength(words);
    this.raw = rawOf(raw, words, type);
    this.said = words > 0 ? 0 : checkLength(length ?? (typeof raw === 'number' ? raw : 0));
  }

  get length(): number {
    return this.words > 0 ? Math.floor(this.raw.length / this.words) : this.said;
  }

  abstract get(index: number): T;
  abstract set(index: number, value: T): void;

  [Symbol.iterator](): Iterator<T> {
    return elementsOf(this);
  }

  /** The first word of an element. @throws NpyError NPY_INDEX */
  protected at(index: number): number {
    return checkIndex(index, this.length) * this.words;
  }
}

/** @throws NpyError NPY_INDEX for what is no whole number from 0 to `length` - 1 */
export function checkIndex(index: number, length: number): number {
  if (Number.isInteger(index) && index >= 0 && index < length) return index;
  const shown = typeof index === 'number' ? index : typeof index;
  throw new NpyError('NPY_INDEX', `npy: index ${shown} is outside of ${length} elements`, { index, length });
}

/** The elements of a store in order. */
function* elementsOf<T>(store: Store<T>): Generator<T, undefined> {
  for (let i = 0; i < store.length; i++) yield store.get(i);
}

function rawOf<R extends RawArray>(raw: R | number, words: number, type: RawType<R>): R {
  if (typeof raw === 'number') return new type(allocateBytes(checkLength(raw) * words * type.BYTES_PER_ELEMENT).buffer);
  if (raw instanceof type && (words === 0 ? raw.length === 0 : raw.length % words === 0)) return raw;
  throw new NpyError('NPY_ARRAY', `npy: expected a length or a ${type.name} of ${words} an element`, { raw });
}
