// Encodes and decodes by any codec, a user's own included, with the checks that no codec has to make itself. Models, servers, relays and
// the command call codecs through this file.
import { type AnyNdArray, type ArrayInput, isNpyError } from '@bridge/npy';
import { messageBytes } from '@bridge/transport';
import type { Codec, CodecDecodeOptions, Encoded, MessageArrays, MessageKind, Named } from './codec.ts';
import { kindOfArray } from './dtype-and-shape.ts';
import { checkLoopLimit } from './loop-limit.ts';
import { checkSize } from './message-size.ts';
import { refuseObjects } from './no-objects.ts';
import { namedArrayError, type Schema, shortFloatOf } from './schema.ts';
import { wrongResult } from './wrong-result.ts';

/**
 * Returns the message of an input of any type, and the kind of the array or arrays in it.
 * @throws NpyError NPY_OBJECTS for an array of Python objects, or BridgeError BRIDGE_SCHEMA if it has a name; TransportError
 *   TRANSPORT_TOO_LARGE; what `codec.encode` throws
 */
export function encodeChecked(codec: Codec, input: unknown, maxMessageBytes: number): Encoded<MessageKind> {
  if (codec.carries === 'array') refuseObjects(input);
  else refuseNamedObjects(input);
  // The cast: every codec checks the type of its input itself.
  const encoded = codec.encode(input as ArrayInput & Named<ArrayInput>, maxMessageBytes);
  if (!isEncoded(encoded))
    throw wrongResult(`the encode of the codec ${codec.name}`, '{ message: [bytes], kind }', encoded);
  checkSize(messageBytes(encoded.message), maxMessageBytes);
  return encoded;
}

/** @throws BridgeError BRIDGE_SCHEMA with the name of an array of objects. The codec itself rejects an input that is not arrays by name */
function refuseNamedObjects(input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  for (const [name, each] of Object.entries(input)) {
    try {
      refuseObjects(each);
    } catch (cause) {
      throw namedArrayError(name, cause);
    }
  }
}

/**
 * Returns the arrays of a peer's message.
 * @throws NpyError NPY_LIMIT for an array that a program would visit for years, NPY_OBJECTS for an array of Python objects; what
 *   `codec.decode` throws
 */
export function decodeChecked(codec: Codec, message: Uint8Array, options?: CodecDecodeOptions): MessageArrays {
  const arrays = codec.decode(message, options);
  if (!isDecoded(arrays, codec)) throw wrongResult(`the decode of the codec ${codec.name}`, codec.carries, arrays);
  if (isOneArray(arrays, codec)) checkDecoded(arrays, message.length);
  else for (const [name, each] of Object.entries(arrays)) checkDecoded(each, message.length, name);
  return arrays;
}

/**
 * Returns the arrays of a peer's message. Raw bytes become the short float (bfloat16, float8) that the schema declares. Any other difference
 * from the schema is left for `checkSchema` to report.
 * @throws what `decodeChecked` throws
 */
export function decodeDeclared(codec: Codec, message: Uint8Array, schema: Schema | undefined): MessageArrays {
  const dtype = shortFloatOf(schema);
  try {
    if (dtype) return decodeChecked(codec, message, { dtype });
  } catch (error) {
    if (!isNpyError(error, 'NPY_DTYPE')) throw error;
  }
  return decodeChecked(codec, message);
}

/** Returns true for the result of a codec's `encode`, which may be a user's own function. */
function isEncoded(encoded: unknown): boolean {
  if (typeof encoded !== 'object' || encoded === null) return false;
  const { message, kind } = encoded as Partial<Encoded<MessageKind>>;
  // `messageBytes` checks the parts.
  return Array.isArray(message) && typeof kind === 'object' && kind !== null;
}

/** Returns true for the result of a codec's `decode`, which may be a user's own function. */
function isDecoded(arrays: unknown, codec: Codec): boolean {
  if (typeof arrays !== 'object' || arrays === null) return false;
  return codec.carries === 'array' ? isNdArray(arrays) : Object.values(arrays).every(isNdArray);
}

function isNdArray(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'data' in value && Array.isArray((value as { readonly shape?: unknown }).shape);
}

function checkDecoded(array: AnyNdArray, bytes: number, name?: string): void {
  checkLoopLimit(array, bytes);
  refuseObjects(array, name);
}

/** Returns the kind of each decoded array. */
export function kindOfDecoded(arrays: MessageArrays, codec: Codec): MessageKind {
  if (isOneArray(arrays, codec)) return kindOfArray(arrays);
  return Object.fromEntries(Object.entries(arrays).map(([name, each]) => [name, kindOfArray(each)]));
}

function isOneArray(_: MessageArrays, { carries }: Codec): _ is AnyNdArray {
  return carries === 'array';
}
