// A header of one's own in front of bare elements: how a peer says the dtype and the shape of each message. The contract, and what follows
// from a header that came. Codec: headed.ts. Framing: ../dialects/headed-message.ts.
//   {"dtype": "uint8", "shape": [480, 640, 3]} \n | 921600 bytes
import { type Descr, type DTypeName, encodeHeader, NpyError, readHeader } from '@bridge/npy';
import { checkFunction, type Names, optionsOf } from '../errors/options.ts';
import type { ArrayKind } from './codec.ts';

/** Writes and reads the header of an array. */
export interface ArrayHeader {
  /** Returns the header of an array: bytes, or text, which is sent as UTF-8. */
  readonly encode: (kind: ArrayKind) => Uint8Array | string;
  /**
   * Returns what the header at the front of `bytes` says, or undefined while `bytes` does not have all of it. More bytes than the
   * header's may be there. It throws what is wrong with an invalid header.
   */
  readonly decode: (bytes: Uint8Array) => DecodedHeader | undefined;
}

/** The contents of a header. */
export interface DecodedHeader {
  /** The dtype, by name or as NumPy spells it: `'>f4'`. */
  readonly dtype: DTypeName | Descr;
  /** Elements along each axis. */
  readonly shape: readonly number[];
  /** Bytes of the header itself. The elements are behind them. */
  readonly headerBytes: number;
}

/** An array of which only the header was read. */
export interface HeadedArray extends ArrayKind {
  /** The dtype as NumPy spells it. */
  readonly descr: Descr;
  readonly headerBytes: number;
  /** Bytes of the elements. */
  readonly dataBytes: number;
}

/** A longer header is invalid. */
const MAX_HEADER_BYTES = 65_536;

const HEADER: Names<ArrayHeader> = { encode: true, decode: true };

/** @throws BridgeError BRIDGE_OPTION */
export function checkHeader(header: ArrayHeader): ArrayHeader {
  const { encode, decode } = optionsOf<ArrayHeader>('header', header, HEADER);
  checkFunction('header.encode', encode);
  checkFunction('header.decode', decode);
  return { encode, decode } as ArrayHeader;
}

/**
 * Reads the header at the front of `bytes`; undefined while it is not whole.
 * @throws NpyError for a dtype or a shape that no array has, or for objects; Error for a header without an end; what `header` throws
 */
export function readArrayHeader(header: ArrayHeader, bytes: Uint8Array): HeadedArray | undefined {
  const decoded = header.decode(bytes);
  if (!decoded) {
    if (bytes.length <= MAX_HEADER_BYTES) return undefined;
    throw new Error(`${bytes.length} bytes came and hold no whole header: it has at most ${MAX_HEADER_BYTES}`);
  }
  const { dtype, shape, headerBytes } = decoded;
  if (!Number.isSafeInteger(headerBytes) || headerBytes < 0 || headerBytes > bytes.length) {
    throw new Error(`the header decodes to headerBytes ${headerBytes}, of ${bytes.length} bytes`);
  }
  return { ...elementsOf(dtype, shape), headerBytes };
}

/** Returns what is known of bare elements by their dtype and shape. @throws NpyError */
export function elementsOf(
  dtype: DTypeName | Descr,
  shape: readonly number[],
): Pick<HeadedArray, 'dtype' | 'descr' | 'shape' | 'dataBytes'> {
  // A header of np.save's format has all of it, and npy checks it.
  const header = readHeader(encodeHeader({ dtype, shape }));
  if (!header || header.dtype === 'object') throw new NpyError('NPY_OBJECTS', 'npy: objects have no bare elements');
  return { dtype: header.dtype, descr: header.descr, shape: header.shape, dataBytes: header.dataBytes };
}
