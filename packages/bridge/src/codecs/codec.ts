// The seam between arrays and messages. A model, a relay and a server hold arrays; a carrier moves messages; a codec makes one of
// the other and knows neither. The contract; each codec has a file of its own.
import type { AnyNdArray, ArrayInput, DTypeName } from '@bridge/npy';
import type { Message } from '@bridge/transport';

/** The dtype and the shape of an array. */
export interface ArrayKind {
  readonly dtype: DTypeName;
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
}

/** Several of something by name: arrays, their kinds, their schemas. */
export interface Named<T> {
  readonly [name: string]: T;
}

/** A message, and what the arrays in it are. */
export interface Encoded<Kind> {
  /** The parts of the message, in order. They may be the caller's own memory. */
  readonly message: Message;
  readonly kind: Kind;
}

/** Options of `decode`. */
export interface CodecDecodeOptions {
  /** The dtype that the array must have; another one is an NpyError NPY_DTYPE. */
  readonly dtype?: DTypeName | undefined;
}

/** The parts of every codec. `In` goes into a message, `Out` comes out of one, and `Kind` says what it is. */
interface CodecOf<In, Out, Kind> {
  /** The codec's name in error messages: `npy`. */
  readonly name: string;
  /** A name for one of its messages, in error messages: `one .npy array`. Default: made of the codec's name. */
  readonly title?: string | undefined;
  /**
   * Makes a message of what a caller hands over.
   * @param maxMessageBytes the most that the message may have. The model checks the message itself; a codec that knows the size before it
   *   takes memory for it throws TRANSPORT_TOO_LARGE at once
   * @throws NpyError, BridgeError BRIDGE_SCHEMA where the codec cannot carry it
   */
  encode(input: In, maxMessageBytes: number): Encoded<Kind>;
  /**
   * Returns what the arrays of a whole message are, without decoding their data.
   * @throws whatever says what is wrong with a message that is invalid
   */
  kindOf(message: Uint8Array): Kind;
  /**
   * Returns the arrays of a whole message. They may be views on its memory.
   * @throws whatever says what is wrong with a message that is invalid
   */
  decode(message: Uint8Array, options?: CodecDecodeOptions): Out;
}

/**
 * A codec whose messages carry one array.
 *
 * @example
 * // The pixels alone, both ends knowing that they are 640x480 RGB.
 * const pixels: ArrayCodec = {
 *   name: 'pixels',
 *   carries: 'array',
 *   encode: (image) => ({ message: [array(image).data], kind: PIXELS }),
 *   kindOf: () => PIXELS,
 *   decode: (message) => array(message, [480, 640, 3]),
 * };
 */
export interface ArrayCodec extends CodecOf<ArrayInput, AnyNdArray, ArrayKind> {
  readonly carries: 'array';
}

/** A codec whose messages carry several arrays by name. */
export interface NamedArraysCodec extends CodecOf<Named<ArrayInput>, Named<AnyNdArray>, Named<ArrayKind>> {
  readonly carries: 'named arrays';
}

/** A codec makes messages of arrays, and arrays of messages. */
export type Codec = ArrayCodec | NamedArraysCodec;

/** A codec for each direction. No codec for replies stands for a peer that answers nothing. */
export interface CodecPair<Request extends Codec = Codec, Reply extends Codec | null = Codec | null> {
  readonly request: Request;
  readonly reply: Reply;
}

/** Returns whether a kind is that of one array, and not of several by name. */
export function isOneKind(kind: ArrayKind | Named<ArrayKind>): kind is ArrayKind {
  return Array.isArray(kind.shape);
}
