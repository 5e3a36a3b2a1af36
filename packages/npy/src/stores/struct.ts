// Structures: elements of several fields, each of its own dtype, at its own offset.
//   [('x', '<i2'), ('', '|V2'), ('y', '<f4')]    xx xx -- -- yy yy yy yy
import { type Descr, descrOf, dtypeOfDescr, type FieldDescr } from '../dtype/descr.ts';
import { type DType, isForeign } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { lengthOf } from './bytes.ts';
import { type ElementCodec, elementCodec } from './element.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** An element of a structured array: its fields by name. */
export type StructElement = { readonly [field: string]: unknown };

/** A store of structures. */
export class StructStore implements Store<StructElement> {
  readonly dtype = 'struct';
  readonly descr: Descr;
  readonly length: number;
  /** Bytes of an element, gaps included. */
  readonly itemsize: number;
  /** The bytes of all elements, gaps included, in native byte order. */
  readonly raw: Uint8Array;
  #codec: ElementCodec | undefined;
  readonly #type: DType;

  /**
   * @param fields `[['x', '<f4'], ['y', '<i2', [2, 3]]]`, in native byte order
   * @param raw the memory, or a number of elements
   * @param length elements, where an element has no bytes
   * @throws NpyError NPY_DESCR
   */
  constructor(fields: readonly FieldDescr[], raw: Uint8Array | number, length?: number) {
    const type = dtypeOfDescr(fields);
    if (type.name !== 'struct' || isForeign(type)) {
      const message = 'npy: a StructStore takes fields in native byte order, and no objects';
      throw new NpyError('NPY_DESCR', message, { fields }, { fault: 'caller' });
    }
    this.#type = type;
    this.descr = descrOf(type);
    this.itemsize = type.itemsize;
    this.raw = rawOf<Uint8Array>(raw, type.itemsize, Uint8Array);
    this.length = lengthOf(this.raw, type.itemsize, length ?? (typeof raw === 'number' ? raw : 0));
  }

  /** The names of the fields, in order. */
  get names(): string[] {
    return (this.#type.fields ?? []).map(({ name }) => name);
  }

  /** The fields' values, by name. A field with a shape is nested lists. */
  get(index: number): StructElement {
    return this.#elements.read(this.raw, index * this.itemsize) as StructElement;
  }

  /**
   * @param value the fields' values, by name or one behind the other
   * @throws NpyError NPY_VALUE when a field is missing, or cannot hold its value
   */
  set(index: number, value: StructElement | readonly unknown[]): void {
    this.#elements.write(this.raw, index * this.itemsize, value);
  }

  [Symbol.iterator](): Iterator<StructElement> {
    return elementsOf(this);
  }

  get #elements(): ElementCodec {
    this.#codec ??= elementCodec(this.#type);
    return this.#codec;
  }
}
