// The codec of elements without a header, for two ends that know the dtype and the shape. NumPy's tobytes() writes such messages, and
// frombuffer() reads them.
import {
  type AnyNdArray,
  type ArrayInput,
  array,
  type Descr,
  type DTypeName,
  decodeData,
  prepareArray,
} from '@bridge/npy';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import { asDType } from './as-dtype.ts';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { kindOfArray } from './dtype-and-shape.ts';
import { type BareElement, bareBytes, bareElement } from './elements.ts';
import { checkSize } from './message-size.ts';
import { oneArray } from './one-array.ts';
import { checkSchema } from './schema.ts';

/** The dtype and the shape that both ends know. */
export interface RawOptions {
  /** The dtype, by name (in this machine's byte order) or as NumPy spells it: `'>u2'`. */
  readonly dtype: DTypeName | Descr;
  /** Elements along each axis. One of them may be null: it follows from the length of the message, as -1 does in reshape(). */
  readonly shape: readonly (number | null)[];
}

const RAW: Names<RawOptions> = { dtype: true, shape: true };

/**
 * Returns a codec of elements in C order without a header, for peers that know the dtype and the shape: a camera's frames, a microphone's
 * samples. A typed array (or Buffer) with the right number of elements needs no shape of its own.
 *
 * @throws BridgeError BRIDGE_OPTION; NpyError NPY_DESCR for an invalid dtype
 * @example
 * const frames = codecs.raw({ dtype: 'uint8', shape: [480, 640, 3] });
 * const samples = codecs.raw({ dtype: '<i2', shape: [null, 2] });
 */
export function raw(options: RawOptions): ArrayCodec {
  const { dtype, shape } = optionsOf<RawOptions>('options', options, RAW);
  const lengths: readonly unknown[] = Array.isArray(shape) ? shape : [undefined];
  const isLength = (length: unknown): boolean =>
    length === null || (Number.isSafeInteger(length) && Number(length) >= 0);
  // Unlike `every`, `findIndex` visits holes.
  const holds = lengths.findIndex((length) => !isLength(length)) < 0;
  const open = holds ? lengths.filter((length) => length === null).length : 0;
  checkOption('shape', shape, holds && open <= 1, 'a list of whole numbers from 0, with at most one null');
  checkOption('dtype', dtype, dtype !== undefined, "a dtype: a name ('float32') or NumPy's spelling ('<f4')");
  return new RawCodec(dtype as DTypeName | Descr, lengths as readonly (number | null)[]);
}

class RawCodec implements ArrayCodec {
  readonly name = 'raw';
  readonly title: string;
  readonly carries = 'array';
  readonly #element: BareElement;
  readonly #shape: readonly (number | null)[];

  constructor(given: DTypeName | Descr, shape: readonly (number | null)[]) {
    this.#element = bareElement(given);
    this.#shape = shape;
    this.title = `bare ${this.#element.dtype} elements of shape (${shape.map((length) => length ?? 'any').join(', ')})`;
  }

  encode(input: ArrayInput, maxMessageBytes: number): Encoded<ArrayKind> {
    const given = oneArray('raw', this.#shaped(input));
    const kind = kindOfArray(given);
    checkSchema('input', { dtype: this.#element.dtype, shape: this.#shape }, kind);
    checkSize(bareBytes(this.#element, kind.shape), maxMessageBytes);
    const [, data] = prepareArray(given, { descr: this.#element.descr, fortranOrder: false }).parts();
    return { message: [data], kind };
  }

  kindOf(message: Uint8Array): ArrayKind {
    return { dtype: this.#element.dtype, shape: this.#shapeOf(message.length) };
  }

  decode(message: Uint8Array, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    const found = decodeData(message, { descr: this.#element.descr, shape: this.#shapeOf(message.length) });
    return asDType(found, dtype ?? this.#element.dtype);
  }

  /**
   * Gives lists the codec's dtype, and typed arrays of the right length its shape. Other arrays stay: `checkSchema` rejects another dtype or
   * shape.
   */
  #shaped(input: ArrayInput): ArrayInput {
    if (Array.isArray(input) || typeof input !== 'object') return array(input, { dtype: this.#element.dtype });
    if (!ArrayBuffer.isView(input)) return input;
    const { length } = input as unknown as { readonly length?: number };
    const shape = length === undefined ? undefined : this.#shapeFor(length * this.#element.itemsize);
    return shape ? { data: input, shape } : input;
  }

  /** Returns the shape of an array of so many bytes. @throws Error if the codec's shape does not fit that size */
  #shapeOf(bytes: number): number[] {
    const shape = this.#shapeFor(bytes);
    if (shape) return shape;
    throw new Error(`${bytes} bytes are not ${this.title}`);
  }

  /** Returns the shape of an array of so many bytes; undefined if the codec's shape does not fit that size. */
  #shapeFor(bytes: number): number[] | undefined {
    const known = this.#shape.reduce<number>((product, length) => product * (length ?? 1), this.#element.itemsize);
    const open = this.#shape.includes(null) && known > 0 ? bytes / known : 1;
    if (known * open !== bytes || !Number.isInteger(open)) return undefined;
    return this.#shape.map((length) => length ?? open);
  }
}
