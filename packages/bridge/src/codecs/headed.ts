// The codec of an array's elements behind a user's own header, which says their dtype and shape.
import { type AnyNdArray, type ArrayInput, array, decodeData } from '@bridge/npy';
import { type ArrayHeader, CheckedHeader, type HeadedArray } from './array-header.ts';
import { asDType } from './as-dtype.ts';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { checkSize } from './message-size.ts';
import { prepareOne } from './one-array.ts';
import { textBytes } from './text-bytes.ts';
import { wrongResult } from './wrong-result.ts';

/**
 * Returns a codec of one array in each message: a header of your own, followed by the elements in C order, as `tobytes()` gives them. If
 * nothing else says how long a message is, use `headedMessage(header)` as the framing.
 *
 * @throws BridgeError BRIDGE_OPTION
 * @example
 * // struct.pack('<HH', height, width) + grey.tobytes()
 * const header: ArrayHeader = {
 *   encode: ({ shape: [height = 0, width = 0] }) => new Uint8Array(Uint16Array.of(height, width).buffer),
 *   decode: ([a = 0, b = 0, c = 0, d]) =>
 *     d === undefined ? undefined : { dtype: 'uint8', shape: [a + 256 * b, c + 256 * d], headerBytes: 4 },
 * };
 * const framing = headedMessage(header);
 * const dialect: Dialect = { request: framing, reply: framing, codec: codecs.headed(header) };
 */
export function headed(header: ArrayHeader): ArrayCodec {
  return new HeadedCodec(new CheckedHeader(header));
}

class HeadedCodec implements ArrayCodec {
  readonly name = 'headed';
  readonly title = 'a header and the elements of one array';
  readonly carries = 'array';
  readonly #header: CheckedHeader;

  constructor(header: CheckedHeader) {
    this.#header = header;
  }

  encode(input: ArrayInput, maxMessageBytes: number): Encoded<ArrayKind> {
    const prepared = prepareOne('headed', input, { fortranOrder: false });
    const kind: ArrayKind = { dtype: prepared.dtype, shape: prepared.shape };
    const dataBytes = this.#header.dataBytes(kind);
    const header = checkedHeader(this.#header.encode(kind));
    checkSize(header.length + dataBytes, maxMessageBytes);
    return { message: [header, prepared.parts()[1]], kind };
  }

  kindOf(message: Uint8Array): ArrayKind {
    const { dtype, shape } = this.#read(message);
    return { dtype, shape };
  }

  decode(message: Uint8Array, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    const { dtype: headerDType, descr, shape, headerBytes } = this.#read(message);
    const decoded = array(decodeData(message.subarray(headerBytes), { descr, shape })) as AnyNdArray;
    return asDType(decoded, dtype ?? headerDType);
  }

  /** @throws Error if the message is shorter or longer than its header says */
  #read(message: Uint8Array): HeadedArray {
    const found = this.#header.read(message);
    if (!found) throw new Error('it ends inside its header');
    const bytes = found.headerBytes + found.dataBytes;
    if (bytes !== message.length) throw new Error(`it has ${message.length} bytes, and its header says ${bytes}`);
    return found;
  }
}

/** Returns a user's header as bytes. @throws BridgeError BRIDGE_OPTION if it is neither bytes nor a string */
function checkedHeader(given: unknown): Uint8Array {
  if (typeof given === 'string' || given instanceof Uint8Array) return textBytes(given);
  throw wrongResult('header.encode', 'bytes or a string', given);
}
