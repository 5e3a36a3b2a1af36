// Byte strings and raw bytes, `n` bytes an element.
//   |S5   61 62 00 63 00    the bytes 61 62 00 63: NUL behind the last other byte is padding, NUL inside is not
//   |V5   61 62 00 63 00    all five
import type { Descr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { checkLength, rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

abstract class PackedBytes implements Store<Uint8Array> {
  abstract readonly dtype: 'bytes' | 'void';
  readonly descr: Descr;
  readonly length: number;
  /** Bytes of an element. */
  readonly itemsize: number;
  readonly raw: Uint8Array;

  constructor(kind: 'S' | 'V', itemsize: number, raw: Uint8Array | number, length?: number) {
    this.itemsize = checkLength(itemsize);
    this.descr = `|${kind}${itemsize}`;
    this.raw = rawOf<Uint8Array>(raw, itemsize, Uint8Array);
    this.length = lengthOf(this.raw, itemsize, length ?? (typeof raw === 'number' ? raw : 0));
  }

  abstract get(index: number): Uint8Array;
  abstract set(index: number, value: Uint8Array): void;

  [Symbol.iterator](): Iterator<Uint8Array> {
    return elementsOf(this);
  }
}

/** A store of `bytes` elements: NumPy's `S`, without an encoding. */
export class BytesStore extends PackedBytes {
  readonly dtype = 'bytes';

  /**
   * @param itemsize bytes of an element
   * @param raw the memory, or a number of elements
   * @param length elements, where an element has no bytes
   */
  constructor(itemsize: number, raw: Uint8Array | number, length?: number) {
    super('S', itemsize, raw, length);
  }

  /** A copy of the element's bytes, padding left out. */
  get(index: number): Uint8Array {
    return readBytes(this.raw, index * this.itemsize, this.itemsize);
  }

  /**
   * @param value bytes, or ASCII text; shorter ones are padded with NUL
   * @throws NpyError NPY_VALUE when it is longer than an element
   */
  set(index: number, value: Uint8Array | string): void {
    writeBytes(this.raw, index * this.itemsize, this.itemsize, value);
  }
}

/** A store of `void` elements: raw bytes. */
export class VoidStore extends PackedBytes {
  readonly dtype = 'void';

  /** The parameters are those of `BytesStore`. */
  constructor(itemsize: number, raw: Uint8Array | number, length?: number) {
    super('V', itemsize, raw, length);
  }

  /** A copy of the element's bytes. */
  get(index: number): Uint8Array {
    return readVoid(this.raw, index * this.itemsize, this.itemsize);
  }

  /** @throws NpyError NPY_VALUE when the value has not exactly the bytes of an element */
  set(index: number, value: Uint8Array): void {
    writeVoid(this.raw, index * this.itemsize, this.itemsize, value);
  }
}

/** Elements that `raw` holds; of elements without bytes, as many as somebody says. */
export function lengthOf(raw: { readonly byteLength: number }, itemsize: number, said: number): number {
  return itemsize === 0 ? checkLength(said) : raw.byteLength / itemsize;
}

/** Bytes up to the padding, copied. */
export function readBytes(raw: Uint8Array, start: number, itemsize: number): Uint8Array {
  let end = start + itemsize;
  while (end > start && raw[end - 1] === 0) end--;
  return readVoid(raw, start, end - start);
}

/** A copy, and never a Buffer, whose slices are views. */
export function readVoid(raw: Uint8Array, start: number, size: number): Uint8Array {
  return new Uint8Array(raw.subarray(start, start + size));
}

/** @throws NpyError NPY_VALUE */
export function writeBytes(raw: Uint8Array, start: number, itemsize: number, value: unknown): void {
  const bytes = typeof value === 'string' ? asciiBytes(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length > itemsize) throw misfit('bytes', itemsize, bytes);
  raw.set(bytes, start);
  raw.fill(0, start + bytes.length, start + itemsize);
}

/** @throws NpyError NPY_VALUE */
export function writeVoid(raw: Uint8Array, start: number, itemsize: number, value: unknown): void {
  if (!(value instanceof Uint8Array) || value.length !== itemsize) throw misfit('void', itemsize, value);
  raw.set(value, start);
}

/** Text as NumPy takes it for bytes. @throws NpyError NPY_VALUE for what is not ASCII */
function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => {
    if (c <= '\x7f') return c.charCodeAt(0);
    throw new NpyError('NPY_VALUE', 'npy: bytes take text only where it is ASCII', { value: text });
  });
}

function misfit(dtype: string, itemsize: number, value: unknown): NpyError {
  const found = value instanceof Uint8Array ? `${value.length} bytes` : typeof value;
  return new NpyError('NPY_VALUE', `npy: ${dtype} of ${itemsize} cannot hold ${found}`, { itemsize, value });
}
