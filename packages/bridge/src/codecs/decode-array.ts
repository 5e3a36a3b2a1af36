// A peer's message, made into an array that may be looked at. Of elements without bytes, or of axes beside one of length 0, a
// header of a hundred bytes may say any number, and whoever goes over them one by one would be at it for years.
import { type DecodeOptions, type DTypeName, decode, type NdArrayOf, NpyError } from '@bridge/npy';

/** Places of an array that its bytes do not stand for: more of them are gone over in a millisecond or ten. */
const MOST_PLACES = 2 ** 20;

/**
 * The array of a message.
 * @throws NpyError what `decode` throws; NPY_LIMIT where going over its axes would take time that its bytes did not bring
 */
export function decodeArray<D extends DTypeName>(bytes: Uint8Array, options: DecodeOptions<D> = {}): NdArrayOf<D> {
  const array = decode(bytes, options);
  const { shape } = array;
  let places = 1;
  for (const length of shape) if (length > 0) places *= length;
  // An element of a byte or more has brought it.
  if (places <= MOST_PLACES || places <= bytes.length) return array;
  const message = `npy: shape (${shape.join(', ')}) of a message of ${bytes.length} bytes has ${places} places without bytes: at most ${MOST_PLACES} are taken from a peer`;
  throw new NpyError('NPY_LIMIT', message, { shape: [...shape], parts: places, maxParts: MOST_PLACES });
}
