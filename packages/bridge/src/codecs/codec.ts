// The contract of codecs. A codec turns arrays into messages and messages into arrays: models, relays and servers hold arrays, while
// carriers (TCP, Unix sockets, memory) move messages, whatever is in them. Each codec has a file of its own.
import type { AnyNdArray, ArrayInput, DTypeName } from '@bridge/npy';
import type { Message } from '@bridge/transport';

/** The dtype and the shape of an array. */
export interface ArrayKind {
  readonly dtype: DTypeName;
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
}

/** Values by name: arrays, their kinds, or their schemas. */
export interface Named<T> {
  readonly [name: string]: T;
}

/** The kind of a message: that of its one array, or that of each array by its name. */
export type MessageKind = ArrayKind | Named<ArrayKind>;

/** The arrays of a decoded message: its one array, or each array by its name. */
export type MessageArrays = AnyNdArray | Named<AnyNdArray>;

/** An encoded message, and the kind of the array or arrays in it. */
export interface Encoded<Kind> {
  /** The parts of the message, in order. They may be views on the memory of the caller's array. */
  readonly message: Message;
  readonly kind: Kind;
}

/** Options of `decode`. */
export interface CodecDecodeOptions {
  /** The dtype that the array must have. If it has another one, `decode` throws NpyError NPY_DTYPE. */
  readonly dtype?: DTypeName | undefined;
}

/** The parts of every codec. `In` is encoded into a message, `Out` is decoded from one, and `Kind` is the kind of what is in it. */
interface CodecOf<In, Out, Kind> {
  /** The codec's name in error messages: `npy`. */
  readonly name: string;
  /** A phrase for one of the codec's messages, in error messages: `one .npy array`. Default: a phrase with the codec's name. */
  readonly title?: string | undefined;
  /**
   * Returns the message of a caller's input.
   * @param maxMessageBytes the most bytes that the message may have. The caller checks the finished message. A codec that knows the size
   *   before it takes memory for the message throws TRANSPORT_TOO_LARGE at once
   * @throws NpyError; BridgeError BRIDGE_SCHEMA if the codec cannot carry the input
   */
  encode(input: In, maxMessageBytes: number): Encoded<Kind>;
  /**
   * Returns the kind of each array in a whole message, without decoding the elements.
   * @throws an error that says what is wrong if the message is invalid
   */
  kindOf(message: Uint8Array): Kind;
  /**
   * Returns the arrays of a whole message. They may be views on its memory.
   * @throws an error that says what is wrong if the message is invalid
   */
  decode(message: Uint8Array, options?: CodecDecodeOptions): Out;
}

/**
 * A codec whose messages carry one array.
 *
 * @example
 * // The pixels alone. Both ends know that they are 640x480 RGB.
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

/** A codec of one array in each message, or of several arrays by name. */
export type Codec = ArrayCodec | NamedArraysCodec;

/** A codec for each direction. If `reply` is null, the peer sends no replies. */
export interface CodecPair<Request extends Codec = Codec, Reply extends Codec | null = Codec | null> {
  readonly request: Request;
  readonly reply: Reply;
}

/** Returns true if a kind is that of one array, and not those of several arrays by name. */
export function isOneKind(kind: MessageKind): kind is ArrayKind {
  return Array.isArray(kind.shape);
}
