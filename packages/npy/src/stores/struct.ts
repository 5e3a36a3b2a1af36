// Structures: elements with several fields, each with its own dtype and offset.
//   [('x', '<i2'), ('', '|V2'), ('y', '<f4')]    xx xx -- -- yy yy yy yy

import { dtypeOfDescr } from '../dtype/caller-descr.ts';
import { type Descr, descrOf, type FieldDescr } from '../dtype/descr.ts';
import { type DType, isForeign } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { copyBytes } from '../memory/allocate.ts';
import { type ElementCodec, elementCodec } from './element-codec.ts';
import { MemoryStore } from './memory-store.ts';
import { checkValueBudget, countValues } from './value-budget.ts';

/** An element of a structured array: its fields by name. */
export type StructElement = { readonly [field: string]: unknown };

/** A store of structures over all their bytes, gaps included, in native byte order. */
export class StructStore extends MemoryStore<StructElement, Uint8Array> {
  readonly dtype = 'struct';
  readonly descr: Descr;
  /** The bytes of an element, gaps included. */
  readonly itemsize: number;
  #codec: ElementCodec | undefined;
  readonly #type: DType;

  /**
   * @param fields `[['x', '<f4'], ['y', '<i2', [2, 3]]]`, in native byte order
   * @param raw the memory, or a number of elements
   * @param length the number of elements, needed only if an element has no bytes
   * @throws NpyError NPY_DESCR, NPY_ARRAY, NPY_LIMIT
   */
  constructor(fields: readonly FieldDescr[], raw: Uint8Array | number, length?: number) {
    const type = dtypeOfDescr(fields);
    if (type.name !== 'struct' || isForeign(type)) {
      const message = 'npy: a StructStore takes fields in native byte order, without objects';
      throw new NpyError('NPY_DESCR', message, { fields }, { fault: 'caller' });
    }
    super(raw, type.itemsize, Uint8Array, length);
    this.#type = type;
    this.descr = descrOf(type);
    this.itemsize = type.itemsize;
  }

  /** The names of the fields, in order. */
  get names(): string[] {
    return (this.#type.fields ?? []).map(({ name }) => name);
  }

  /**
   * Returns the values of the fields, by name. A field with a shape is nested lists.
   * @throws NpyError NPY_INDEX, NPY_LIMIT if the element is more lists and values than its bytes allow
   */
  get(index: number): StructElement {
    return this.#elements.read(this.raw, this.firstWord(index)) as StructElement;
  }

  /**
   * @param value the values of the fields, by name or as a list
   * @throws what `get` throws; NpyError NPY_VALUE if a field is missing or cannot hold its value, and the element stays unchanged
   */
  set(index: number, value: StructElement | readonly unknown[]): void {
    const at = this.firstWord(index);
    // The bytes in gaps are kept.
    const element = copyBytes(this.raw.subarray(at, at + this.itemsize));
    this.#elements.write(element, 0, value);
    this.raw.set(element, this.firstWord(index));
  }

  /** @throws NpyError NPY_LIMIT if all elements are more lists and values than their bytes allow */
  override [Symbol.iterator](): Iterator<StructElement> {
    checkValueBudget(countValues(this.length, this.#type), this.raw.length);
    return super[Symbol.iterator]();
  }

  get #elements(): ElementCodec {
    this.#codec ??= elementCodec(this.#type);
    return this.#codec;
  }
}
