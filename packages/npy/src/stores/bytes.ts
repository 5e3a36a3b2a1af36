// Byte strings and raw bytes, with `n` bytes for each element.
//   |S5   61 62 00 63 00    the bytes 61 62 00 63: NULs at the end are padding, a NUL inside is not
//   |V5   61 62 00 63 00    all five bytes
import { asBytes } from '../arguments/bytes-like.ts';
import type { Descr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { copyBytes } from '../memory/allocate.ts';
import { cannotHold } from './check-value.ts';
import { MemoryStore } from './memory-store.ts';
import { checkValueBudget } from './value-budget.ts';

abstract class PackedBytes extends MemoryStore<Uint8Array, Uint8Array> {
  abstract override readonly dtype: 'bytes' | 'void';
  readonly descr: Descr;
  /** The bytes of an element. */
  readonly itemsize: number;

  constructor(kind: 'S' | 'V', itemsize: number, raw: Uint8Array | number, length?: number) {
    super(raw, itemsize, Uint8Array, length);
    this.itemsize = itemsize;
    this.descr = `|${kind}${itemsize}`;
  }

  /** @throws NpyError NPY_LIMIT for more than 10 000 elements without bytes */
  override [Symbol.iterator](): Iterator<Uint8Array> {
    checkValueBudget(this.emptyElements, 0);
    return super[Symbol.iterator]();
  }
}

/** A store of `bytes` elements: NumPy's `S`, without an encoding. */
export class BytesStore extends PackedBytes {
  readonly dtype = 'bytes';

  /**
   * @param itemsize bytes of an element
   * @param raw the memory, or a number of elements
   * @param length the number of elements, needed only if an element has no bytes
   */
  constructor(itemsize: number, raw: Uint8Array | number, length?: number) {
    super('S', itemsize, raw, length);
  }

  /** Returns a copy of the element's bytes, without padding. */
  get(index: number): Uint8Array {
    const start = this.firstWord(index);
    let end = start + this.itemsize;
    while (end > start && this.raw[end - 1] === 0) end--;
    return copyBytes(this.raw.subarray(start, end));
  }

  /**
   * @param value bytes, or ASCII text; shorter ones are padded with NUL
   * @throws NpyError NPY_INDEX, NPY_VALUE if the value is longer than an element
   */
  set(index: number, value: Uint8Array | string): void {
    const start = this.firstWord(index);
    const bytes = typeof value === 'string' ? asciiBytes(value) : value;
    if (!(bytes instanceof Uint8Array) || bytes.length > this.itemsize) throw wrongSize(this, bytes);
    this.raw.set(asBytes(bytes), start);
    this.raw.fill(0, start + bytes.length, start + this.itemsize);
  }
}

/** A store of `void` elements: raw bytes. */
export class VoidStore extends PackedBytes {
  readonly dtype = 'void';

  /** The parameters are those of `BytesStore`. */
  constructor(itemsize: number, raw: Uint8Array | number, length?: number) {
    super('V', itemsize, raw, length);
  }

  /** Returns a copy of the element's bytes. */
  get(index: number): Uint8Array {
    const start = this.firstWord(index);
    return copyBytes(this.raw.subarray(start, start + this.itemsize));
  }

  /** @throws NpyError NPY_INDEX, NPY_VALUE unless the value has exactly as many bytes as an element */
  set(index: number, value: Uint8Array): void {
    const start = this.firstWord(index);
    if (!(value instanceof Uint8Array) || value.length !== this.itemsize) throw wrongSize(this, value);
    this.raw.set(asBytes(value), start);
  }
}

/** Encodes text as ASCII, the only text that NumPy converts to bytes. @throws NpyError NPY_VALUE for any other character */
function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => {
    if (c <= '\x7f') return c.charCodeAt(0);
    throw new NpyError('NPY_VALUE', 'npy: only ASCII text converts to bytes', { value: text });
  });
}

function wrongSize({ dtype, itemsize }: PackedBytes, value: unknown): NpyError {
  const found = value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
  return cannotHold(`${dtype} of ${itemsize}`, value, found, { itemsize });
}
