// Checks codecs that a user passes in, and the arrays that any codec has decoded: they hold no Python objects, and their shape does not
// make a program visit far more places than the message has bytes.
import { type AnyNdArray, NpyError } from '@bridge/npy';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';
import type { ArrayKind, Codec, CodecPair, Named } from './codec.ts';
import { kindOfArray } from './kind-of-array.ts';
import { refuseObjects } from './no-objects.ts';
import { npy } from './npy.ts';

/** A codec for both directions, or one for each. */
export type CodecOption = Codec | CodecPair;

const PAIR: Names<CodecPair> = { request: true, reply: true };

/**
 * Returns the codec of each direction.
 * @param standing the codec if `given` is missing, for example that of a dialect
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkCodecs(given: CodecOption | undefined, standing: CodecOption = npy): CodecPair {
  const codec = given ?? standing;
  checkOption('codec', codec, typeof codec === 'object' && codec !== null, 'a codec, such as codecs.npy');
  if ('carries' in codec) return { request: checkCodec('codec', codec), reply: checkCodec('codec', codec) };
  const { request, reply = null } = optionsOf<CodecPair>('codec', codec, PAIR);
  return {
    request: checkCodec('codec.request', request),
    reply: reply === null ? null : checkCodec('codec.reply', reply),
  };
}

const CARRIES: ReadonlySet<unknown> = new Set<Codec['carries']>(['array', 'named arrays']);

function checkCodec(name: string, codec: Codec | undefined): Codec {
  checkOption(name, codec, typeof codec === 'object' && codec !== null, 'a codec, such as codecs.npy');
  const given = codec as Codec;
  checkOption(`${name}.name`, given.name, typeof given.name === 'string', 'a string');
  checkOption(`${name}.carries`, given.carries, CARRIES.has(given.carries), "'array' or 'named arrays'");
  for (const method of ['encode', 'kindOf', 'decode'] as const) {
    checkOption(`${name}.${method}`, given[method], typeof given[method] === 'function', 'a function');
  }
  return given;
}

/** The most places of an array, unless its message has as many bytes. A program visits so many in one to ten milliseconds. */
const MAX_PLACES = 2 ** 20;

/**
 * Checks the arrays that a codec decoded from a peer's message. A place is one index along each axis that is not of length 0. A header of
 * a hundred bytes can declare any number of places: by elements of no bytes, or by long axes beside one of length 0. A program that
 * visits them one by one would need years.
 * @throws NpyError NPY_LIMIT for too many places, NPY_OBJECTS for Python objects
 */
export function checkDecoded(decoded: AnyNdArray | Named<AnyNdArray>, codec: Codec, bytes: number): void {
  if (codec.carries === 'array') checkPlaces(decoded as AnyNdArray, bytes);
  else for (const each of Object.values(decoded as Named<AnyNdArray>)) checkPlaces(each, bytes);
  refuseObjects(kindOfDecoded(decoded, codec));
}

/** Returns the kind of each decoded array. */
export function kindOfDecoded(
  decoded: AnyNdArray | Named<AnyNdArray>,
  { carries }: Codec,
): ArrayKind | Named<ArrayKind> {
  if (carries === 'array') return kindOfArray(decoded as AnyNdArray);
  return Object.fromEntries(
    Object.entries(decoded as Named<AnyNdArray>).map(([name, each]) => [name, kindOfArray(each)]),
  );
}

function checkPlaces({ shape }: AnyNdArray, bytes: number): void {
  let places = 1;
  for (const length of shape) if (length > 0) places *= length;
  // Elements of one byte or more are bounded by the message's size.
  if (places <= MAX_PLACES || places <= bytes) return;
  const message = `npy: a message of ${bytes} bytes declares an array of shape (${shape.join(', ')}), and a loop over its indices would take ${places} steps: expected at most ${MAX_PLACES}`;
  throw new NpyError('NPY_LIMIT', message, {
    shape: [...shape],
    bytes,
    parts: places,
    maxParts: MAX_PLACES,
  });
}
