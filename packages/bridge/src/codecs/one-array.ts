// Arrays on their way out, in a codec that carries one of them. Several at once, by name or as a list, are refused with a sentence
// that says what came: of two rows of equal length np.save's format makes one array of two axes, and the model could not tell.
import {
  type ArrayInput,
  type EncodeOptions,
  isNpyError,
  NpyError,
  type PreparedArray,
  prepareArray,
} from '@bridge/npy';
import { tagOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';
import { refuseObjects } from './no-objects.ts';

/** The most arrays that a message names. */
const MAX_NAMED = 8;
/** The most items of a list that are examined for arrays among them. */
const MAX_EXAMINED = 1024;
/** The most kinds of values without a dtype that a message names. */
const MAX_KINDS = 5;

/**
 * Returns the array checked, with its dtype, shape and size, before memory is taken for its message.
 * @param codec the codec's name, for error messages
 * @throws NpyError NPY_ARRAY where several arrays came, and what `prepareArray` throws
 */
export function prepareOne(codec: string, input: ArrayInput, options?: EncodeOptions): PreparedArray {
  refuseSeveral(codec, input);
  const prepared = prepare(codec, input, options);
  refuseObjects(prepared);
  return prepared;
}

function prepare(codec: string, input: ArrayInput, options: EncodeOptions | undefined): PreparedArray {
  try {
    return prepareArray(input, options);
  } catch (error) {
    throw isNpyError(error) ? inOurWords(codec, error) : error;
  }
}

/** Nested lists of numbers pass, and so does whatever else may be one array: `prepareArray` tells what is wrong with it. */
function refuseSeveral(codec: string, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  if (Array.isArray(input)) {
    if (!input.slice(0, MAX_EXAMINED).some(isArray)) return;
    const came = `a list of ${listText(input.slice(0, MAX_NAMED).map(kindText), input.length)}`;
    throw several(codec, came, 'if they are the rows of one array, say so: array([a, b])');
  }
  if ('data' in input || Object.prototype.toString.call(input) !== '[object Object]') return;
  const names = Object.keys(input);
  const values = names
    .slice(0, MAX_NAMED)
    .map((name) => `${quoted(name, 60)} (${kindText((input as Record<string, unknown>)[name])})`);
  const came = `an object with ${names.length === 0 ? 'no array in it' : listText(values, names.length)}`;
  throw several(codec, came, 'codecs.npz carries arrays by name, where the peer reads np.savez');
}

function several(codec: string, came: string, hint: string): NpyError {
  const message = `a message of the codec ${codec} carries one array, and ${came} came: make one array of them, or send each in a message of its own; ${hint}`;
  return new NpyError('NPY_ARRAY', message, { expected: 'one array', actual: came });
}

/** npy advises its callers to ask for a dtype. That cannot be done here, so the advice is another. */
function inOurWords(codec: string, error: NpyError): NpyError {
  if (!isNpyError(error, 'NPY_ARRAY')) return error;
  const { kinds, hint } = error.detail;
  // A hint of npy, to await the values, helps here as well.
  if (!Array.isArray(kinds) || hint !== undefined) return error;
  const buffer = kinds.some((kind) => /^(Shared)?ArrayBuffer$/.test(String(kind)));
  const advice = buffer ? 'give a typed array of it, such as new Uint8Array(buffer)' : KINDS;
  const came = kinds.slice(0, MAX_KINDS).join(' and ');
  const message = `a message of the codec ${codec} carries one array, and there is no dtype for values of ${came}: ${advice}`;
  return new NpyError('NPY_ARRAY', message, error.detail, { cause: error, fault: error.fault });
}

const KINDS =
  'give an ndarray, a typed array, or nested lists of values of one kind: numbers, bigints, booleans, text or Dates';

/** Returns whether a value is an array of its own already: an ndarray, a view, a typed array, a store. */
function isArray(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return ArrayBuffer.isView(value) || 'data' in value;
}

/** The first of `count` texts, and how many more there are. */
function listText(first: readonly string[], count: number): string {
  return count > first.length ? `${first.join(', ')} and ${count - first.length} more` : first.join(', ');
}

/** Describes a value for a message: `Uint8Array of 480x640x3`. */
function kindText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (!isArray(value)) return typeof value === 'object' ? tagOf(value) : typeof value;
  const { data, shape, length } = value as { data?: unknown; shape?: unknown; length?: unknown };
  const store = ArrayBuffer.isView(value) ? value : data;
  const lengths = Array.isArray(shape) ? shape : [length];
  return quoted(`${tagOf(store)} of ${lengths.map(String).join('x') || 'one element'}`, 80);
}
