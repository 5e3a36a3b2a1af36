// A user's own codec for JSON, pictures and other formats, made of two functions: array to message, and message to array. This file adds
// the other parts of a codec.
import { type AnyNdArray, type ArrayInput, array } from '@bridge/npy';
import type { Message } from '@bridge/transport';
import { checkFunction, checkOption, type Names, optionsOf } from '../errors/options.ts';
import { asDType } from './as-dtype.ts';
import type { ArrayCodec, ArrayKind, CodecDecodeOptions, Encoded } from './codec.ts';
import { kindOfArray } from './dtype-and-shape.ts';
import { oneArray } from './one-array.ts';
import { textBytes } from './text-bytes.ts';

/** The two functions of a codec. */
export interface CustomOptions {
  /** The codec's name in error messages. Default: `custom`. */
  readonly name?: string | undefined;
  /** Returns the message of an array: bytes, a list of parts in bytes, or a string, which is sent as UTF-8. */
  readonly encode: (array: AnyNdArray) => Uint8Array | Message | string;
  /** Returns the array of a whole message: an ndarray, a typed array, or nested lists. Throws if the message is invalid. */
  readonly decode: (message: Uint8Array) => ArrayInput;
}

const CUSTOM: Names<CustomOptions> = { name: true, encode: true, decode: true };

/**
 * Returns a codec of one array in each message, made of two functions.
 *
 * @throws BridgeError BRIDGE_OPTION
 * @example
 * const json = codecs.custom({
 *   encode: (frame) => JSON.stringify({ image: toNested(frame) }),
 *   decode: (reply) => JSON.parse(new TextDecoder().decode(reply)).boxes,
 * });
 */
export function custom(options: CustomOptions): ArrayCodec {
  const { name = 'custom', encode, decode } = optionsOf<CustomOptions>('options', options, CUSTOM);
  checkOption('name', name, typeof name === 'string', 'a string');
  checkFunction('encode', encode);
  checkFunction('decode', decode);
  return new CustomCodec(name, encode as CustomOptions['encode'], decode as CustomOptions['decode']);
}

class CustomCodec implements ArrayCodec {
  readonly name: string;
  readonly carries = 'array';
  readonly #encode: CustomOptions['encode'];
  readonly #decode: CustomOptions['decode'];

  constructor(name: string, encode: CustomOptions['encode'], decode: CustomOptions['decode']) {
    this.name = name;
    this.#encode = encode;
    this.#decode = decode;
  }

  encode(input: ArrayInput): Encoded<ArrayKind> {
    const given = oneArray(this.name, input);
    return { message: messageOf(this.#encode(given)), kind: kindOfArray(given) };
  }

  kindOf(message: Uint8Array): ArrayKind {
    return kindOfArray(array(this.#decode(message)));
  }

  decode(message: Uint8Array, { dtype }: CodecDecodeOptions = {}): AnyNdArray {
    // The cast: `array` returns an array of one of the dtypes.
    const decoded = array(this.#decode(message)) as AnyNdArray;
    return asDType(decoded, dtype);
  }
}

function messageOf(encoded: Uint8Array | Message | string): Message {
  return typeof encoded === 'string' || encoded instanceof Uint8Array ? [textBytes(encoded)] : encoded;
}
