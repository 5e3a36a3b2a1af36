// Codecs as a user hands them over, and what holds for each of them whoever wrote it: no arrays of objects, and no more places in a
// peer's array than its bytes stand for.
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
 * Returns the codec of each direction; that of .npy where nothing was given.
 * @param given as an option; `standing` is what holds without it, of a dialect say
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
  checkOption(`${name}.name`, given.name, typeof given.name === 'string', 'text');
  checkOption(`${name}.carries`, given.carries, CARRIES.has(given.carries), "'array' or 'named arrays'");
  for (const method of ['encode', 'kindOf', 'decode'] as const) {
    checkOption(`${name}.${method}`, given[method], typeof given[method] === 'function', 'a function');
  }
  return given;
}

/** Places of an array that its bytes do not stand for. So many are visited in a millisecond or ten. */
const MAX_PLACES = 2 ** 20;

/**
 * Checks the arrays that a codec made of a peer's message against the bounds of this package. A header of a hundred bytes may say any number
 * of elements without bytes, or of axes beside one of length 0, and a program that visits them one by one would need years.
 * @throws NpyError NPY_LIMIT, NPY_OBJECTS
 */
export function checkDecoded(decoded: AnyNdArray | Named<AnyNdArray>, codec: Codec, bytes: number): void {
  if (codec.carries === 'array') checkPlaces(decoded as AnyNdArray, bytes);
  else for (const each of Object.values(decoded as Named<AnyNdArray>)) checkPlaces(each, bytes);
  refuseObjects(kindOfDecoded(decoded, codec));
}

/** Returns the kind of decoded arrays. */
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
  // An element of a byte or more has brought that byte.
  if (places <= MAX_PLACES || places <= bytes) return;
  const message = `npy: shape (${shape.join(', ')}) of a message of ${bytes} bytes has ${places} places without bytes: at most ${MAX_PLACES} are taken from a peer`;
  throw new NpyError('NPY_LIMIT', message, {
    shape: [...shape],
    bytes,
    parts: places,
    maxParts: MAX_PLACES,
  });
}
