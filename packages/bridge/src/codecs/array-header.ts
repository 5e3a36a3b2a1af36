// A user's own header in front of an array's elements, which says the dtype and the shape of each message: its contract, and the check of
// a header that has arrived. The codec is in headed.ts, the framing in ../dialects/headed-message.ts.
//   {"dtype": "uint8", "shape": [480, 640, 3]} \n | 921600 bytes
import type { Descr, DTypeName } from '@bridge/npy';
import { checkFunction, type Names, optionsOf } from '../errors/options.ts';
import type { ArrayKind } from './codec.ts';
import { type BareElement, bareBytes, bareElement } from './elements.ts';

/** Writes and reads the header of an array. */
export interface ArrayHeader {
  /** Returns the header of an array: bytes, or a string, which is sent as UTF-8. */
  readonly encode: (kind: ArrayKind) => Uint8Array | string;
  /**
   * Returns the contents of the header at the front of `bytes`, or undefined if `bytes` ends inside the header. `bytes` may go on behind
   * the header. Throws an error that says what is wrong if the header is invalid.
   */
  readonly decode: (bytes: Uint8Array) => DecodedHeader | undefined;
}

/** The contents of a header. */
export interface DecodedHeader {
  /** The dtype, by name or as NumPy spells it: `'>f4'`. */
  readonly dtype: DTypeName | Descr;
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** The size of the header itself. The elements follow it. */
  readonly headerBytes: number;
}

/** The kind of an array, and the sizes of its header and its elements. */
export interface HeadedArray extends ArrayKind {
  /** The dtype as NumPy spells it. */
  readonly descr: Descr;
  readonly headerBytes: number;
  /** The size of the elements. */
  readonly dataBytes: number;
}

/** The size of the longest valid header. */
const MAX_HEADER_BYTES = 65_536;

const HEADER: Names<ArrayHeader> = { encode: true, decode: true };

/** A user's header whose functions were checked, and what npy says of the dtypes in it. */
export class CheckedHeader {
  readonly encode: ArrayHeader['encode'];
  readonly #decode: ArrayHeader['decode'];
  /** The last dtype and its element. A program's messages mostly have one dtype, and asking npy for it costs as much as a small message. */
  #last: { readonly dtype: DTypeName | Descr; readonly element: BareElement } | undefined;

  /** @throws BridgeError BRIDGE_OPTION unless `header` has the functions `encode` and `decode` */
  constructor(header: ArrayHeader) {
    const { encode, decode } = optionsOf<ArrayHeader>('header', header, HEADER);
    checkFunction('header.encode', encode);
    checkFunction('header.decode', decode);
    this.encode = encode as ArrayHeader['encode'];
    this.#decode = decode as ArrayHeader['decode'];
  }

  /**
   * Returns the contents of the header at the front of `bytes`, or undefined if `bytes` ends inside the header.
   * @throws NpyError if no array has the dtype or the shape, or for objects; Error if the header does not end; what `header.decode` throws
   */
  read(bytes: Uint8Array): HeadedArray | undefined {
    const decode = this.#decode;
    const decoded = decode(bytes);
    if (!decoded) {
      if (bytes.length <= MAX_HEADER_BYTES) return undefined;
      throw new Error(`the header does not end within ${bytes.length} bytes: expected at most ${MAX_HEADER_BYTES}`);
    }
    const { dtype, shape, headerBytes } = decoded;
    if (!Number.isSafeInteger(headerBytes) || headerBytes < 0 || headerBytes > bytes.length) {
      throw new Error(
        `header.decode gave headerBytes ${headerBytes}: expected a whole number from 0 to ${bytes.length}`,
      );
    }
    const element = this.#element(dtype);
    const dataBytes = bareBytes(element, shape);
    return { dtype: element.dtype, descr: element.descr, shape, dataBytes, headerBytes };
  }

  /** Returns the size of an array's elements. @throws NpyError NPY_DESCR for a dtype whose name does not tell its size, such as `str` */
  dataBytes({ dtype, shape }: ArrayKind): number {
    return bareBytes(this.#element(dtype), shape);
  }

  #element(dtype: DTypeName | Descr): BareElement {
    if (this.#last?.dtype !== dtype) this.#last = { dtype, element: bareElement(dtype) };
    return this.#last.element;
  }
}
