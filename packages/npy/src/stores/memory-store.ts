// The base class of every store over memory: each element is some words of a typed array. A store throws for an index outside of its
// elements, while a typed array returns undefined and ignores what is written. Memory that was transferred away has no elements.
import type { DTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { allocateBytes, checkLength } from '../memory/allocate.ts';
import type { RawArray, Store } from './store-contract.ts';

/** The class of the typed array that a store uses. */
export interface RawType<R> {
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer): R;
}

/** A store whose elements are consecutive words of `raw`. */
export abstract class MemoryStore<T, R extends RawArray> implements Store<T> {
  abstract readonly dtype: DTypeName;
  readonly raw: R;
  /** The number of words of `raw` that are one element. */
  readonly words: number;
  /** The number of elements, if an element has no words; otherwise 0. */
  readonly emptyElements: number;

  /**
   * @param raw the memory, or a number of elements
   * @param words the number of words of `raw` that are one element
   * @param length the number of elements, needed only if an element has no words
   * @throws NpyError NPY_ARRAY for memory of another type or not of whole elements, NPY_LIMIT if it cannot be allocated
   */
  constructor(raw: R | number, words: number, type: RawType<R>, length?: number) {
    this.words = checkLength(words);
    this.raw = rawOf(raw, words, type);
    this.emptyElements = words > 0 ? 0 : checkLength(length ?? (typeof raw === 'number' ? raw : 0));
  }

  get length(): number {
    return this.words > 0 ? Math.floor(this.raw.length / this.words) : this.emptyElements;
  }

  abstract get(index: number): T;
  abstract set(index: number, value: T): void;

  [Symbol.iterator](): Iterator<T> {
    return elementsOf(this);
  }

  /** Returns the position in `raw` of an element's first word. @throws NpyError NPY_INDEX */
  protected firstWord(index: number): number {
    return checkIndex(index, this.length) * this.words;
  }
}

/** Returns `index`. @throws NpyError NPY_INDEX if it is not an integer from 0 to `length` - 1 */
export function checkIndex(index: number, length: number): number {
  if (Number.isInteger(index) && index >= 0 && index < length) return index;
  const shown = typeof index === 'number' ? index : typeof index;
  throw new NpyError('NPY_INDEX', `npy: index ${shown} is outside of ${length} elements`, { index, length });
}

/** Yields the elements of a store in order. */
function* elementsOf<T>(store: Store<T>): Generator<T, undefined> {
  for (let i = 0; i < store.length; i++) yield store.get(i);
}

function rawOf<R extends RawArray>(raw: R | number, words: number, type: RawType<R>): R {
  if (typeof raw === 'number') return new type(allocateBytes(checkLength(raw) * words * type.BYTES_PER_ELEMENT).buffer);
  if (raw instanceof type && (words === 0 ? raw.length === 0 : raw.length % words === 0)) return raw;
  throw new NpyError(
    'NPY_ARRAY',
    `npy: expected a number of elements, or a ${type.name} with ${words} items for each`,
    { raw },
  );
}
