// Checks an input of a codec that carries one array. Several arrays, by name or in a list, are rejected with a message that says what was
// given. Otherwise two arrays of equal length in a list would become one array of two axes, and the model could not tell the difference.
import {
  type AnyNdArray,
  type ArrayInput,
  array,
  type EncodeOptions,
  isNpyError,
  NpyError,
  type PreparedArray,
  prepareArray,
} from '@bridge/npy';
import { tagOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';

/** The most arrays that an error message names. */
const MAX_NAMED = 8;
/** The most items of a list that are searched for arrays. */
const MAX_EXAMINED = 1024;
/** The most kinds of values without a dtype that an error message names. */
const MAX_KINDS = 5;

/**
 * Returns the input as a checked array with its dtype, shape and size. No memory is taken for the message yet.
 * @param codec the codec's name, for error messages
 * @throws NpyError NPY_ARRAY if `input` is several arrays; what `prepareArray` throws
 */
export function prepareOne(codec: string, input: ArrayInput, options?: EncodeOptions): PreparedArray {
  refuseSeveral(codec, input);
  try {
    return prepareArray(input, options);
  } catch (error) {
    throw inOurWords(codec, error);
  }
}

/**
 * Returns the input as an ndarray.
 * @param codec the codec's name, for error messages
 * @throws NpyError NPY_ARRAY if `input` is several arrays; what `array` throws
 */
export function oneArray(codec: string, input: ArrayInput): AnyNdArray {
  refuseSeveral(codec, input);
  try {
    // The cast: `array` returns an array of one of the dtypes.
    return array(input) as AnyNdArray;
  } catch (error) {
    throw inOurWords(codec, error);
  }
}

/** Rejects several arrays. Nested lists of numbers and all other values pass: `prepareArray` checks them. */
function refuseSeveral(codec: string, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  if (Array.isArray(input)) {
    if (!input.slice(0, MAX_EXAMINED).some(isArray)) return;
    const given = `a list of ${listText(input.slice(0, MAX_NAMED).map(kindText), input.length)}`;
    throw several(codec, given, 'if they are the rows of one array, say so: array([a, b])');
  }
  if ('data' in input || Object.prototype.toString.call(input) !== '[object Object]') return;
  const names = Object.keys(input);
  const values = names
    .slice(0, MAX_NAMED)
    .map((name) => `${quoted(name, 60)} (${kindText((input as Record<string, unknown>)[name])})`);
  const given = `an object with ${names.length === 0 ? 'no array in it' : listText(values, names.length)}`;
  throw several(codec, given, 'codecs.npz carries arrays by name, for a peer that reads np.savez');
}

function several(codec: string, given: string, hint: string): NpyError {
  const message = `a message of the codec ${codec} carries one array, not ${given}: make one array of them, or send each in a message of its own; ${hint}`;
  return new NpyError('NPY_ARRAY', message, { expected: 'one array', actual: given });
}

/** Returns npy's error with other advice. npy advises to pass a dtype, which callers of this package cannot do. */
function inOurWords(codec: string, error: unknown): unknown {
  if (!isNpyError(error, 'NPY_ARRAY')) return error;
  const { kinds, hint } = error.detail;
  // The only hint of npy, to await the values, is right here as well.
  if (!Array.isArray(kinds) || hint !== undefined) return error;
  const buffer = kinds.some((kind) => /^(Shared)?ArrayBuffer$/.test(String(kind)));
  const advice = buffer ? 'give a typed array of it, such as new Uint8Array(buffer)' : KINDS;
  const message = `a message of the codec ${codec} carries one array, and no dtype holds values of the kinds (${kinds.slice(0, MAX_KINDS).join(', ')}): ${advice}`;
  return new NpyError('NPY_ARRAY', message, error.detail, { cause: error, fault: error.fault });
}

const KINDS =
  'give an ndarray, a typed array, or nested lists of values of one kind: numbers, bigints, booleans, strings or Dates';

/** Returns true if a value in a list is an array itself: an ndarray, a view, a typed array, or a store. */
function isArray(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return ArrayBuffer.isView(value) || 'data' in value;
}

/** Joins strings with commas, and adds how many of the `count` values are left out. */
function listText(first: readonly string[], count: number): string {
  return count > first.length ? `${first.join(', ')} and ${count - first.length} more` : first.join(', ');
}

/** Describes a value for an error message: `Uint8Array of 480x640x3`. */
function kindText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (!isArray(value)) return typeof value === 'object' ? tagOf(value) : typeof value;
  const { data, shape, length } = value as { data?: unknown; shape?: unknown; length?: unknown };
  const store = ArrayBuffer.isView(value) ? value : data;
  const lengths = Array.isArray(shape) ? shape : [length];
  return quoted(`${tagOf(store)} of ${lengths.map(String).join('x') || 'one element'}`, 80);
}
