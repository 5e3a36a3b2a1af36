// One message is one array. Several at once, by name or as a list, are refused with a sentence that says what came: of two
// rows of equal length np.save's format makes one array of two axes, and the model would be none the wiser.
import { type ArrayInput, encodeParts, isNpyError, NpyError } from '@bridge/npy';
import { isRevoked, tagOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';

/** How many of several arrays a message names. */
const MOST_NAMED = 8;
/** So many items of a list are looked at: it may have four thousand million, and nothing in any of them. */
const MOST_LOOKED_AT = 1024;

/** Where an array goes out, as a message says it. */
export interface Sender {
  /** With its verb: `a call takes`. */
  readonly who: string;
  /** What to do with several arrays. */
  readonly instead: string;
}

export const CALL: Sender = {
  who: 'a call takes',
  instead: 'make one array of them, or send each by a call of its own',
};
export const ANSWER: Sender = { who: 'an answer is', instead: 'make one array of them' };
export const WARM_UP: Sender = { who: 'warmUp takes', instead: 'make one array of them' };

/**
 * Nested lists of numbers go on, and so does whatever else may be one array: `encodeOne` tells what is wrong.
 * @throws NpyError NPY_ARRAY where several arrays came, as a list or by name
 */
export function checkOneArray(sender: Sender, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  try {
    lookAt(sender, input);
  } catch (error) {
    // A proxy, or a getter, that throws at whoever looks: whoever encodes it says so.
    if (isNpyError(error)) throw error;
  }
}

function lookAt(sender: Sender, input: object): void {
  if (Array.isArray(input)) {
    if (!input.slice(0, MOST_LOOKED_AT).some(isArray)) return;
    throw several(
      sender,
      `a list of ${listText(input.slice(0, MOST_NAMED).map(kindText), input.length)} came`,
      'if they are the rows of one array, say so: array([a, b])',
    );
  }
  if ('data' in input || Object.prototype.toString.call(input) !== '[object Object]') return;
  const names = Object.keys(input);
  const values = names
    .slice(0, MOST_NAMED)
    .map((name) => `${quoted(name, 60)} (${kindText((input as Record<string, unknown>)[name])})`);
  throw several(
    sender,
    `an object with ${names.length === 0 ? 'nothing in it' : listText(values, names.length)} came`,
    'a message has no names for its arrays',
  );
}

function several({ who, instead }: Sender, came: string, hint: string): NpyError {
  const message = `${who} one array, and ${came}: ${instead}; ${hint}`;
  return new NpyError('NPY_ARRAY', message, { expected: 'one array', actual: came });
}

/**
 * The message for one array. What npy advises whoever calls it, to ask for a dtype or to give a codec, cannot be done here.
 * @throws NpyError
 */
export function encodeOne({ who }: Sender, input: ArrayInput): ReturnType<typeof encodeParts> {
  try {
    return encodeParts(input);
  } catch (error) {
    if (!isNpyError(error)) throw error;
    const { code, detail, fault } = error;
    if (code === 'NPY_OBJECTS') throw new NpyError(code, `${who} ${NO_OBJECTS}`, detail, { cause: error, fault });
    // Values that have no dtype. Where npy has a hint, to await them, it helps here as well.
    if (code !== 'NPY_ARRAY' || !detail.kinds || detail.hint !== undefined) throw error;
    const { kinds } = detail;
    const buffer = kinds.some((kind) => /^(Shared)?ArrayBuffer$/.test(kind));
    const advice = buffer ? 'give a typed array of it, such as new Uint8Array(buffer)' : KINDS;
    const came = kinds.slice(0, MOST_KINDS).join(' and ');
    const message = `${who} one array, and there is no dtype for values of ${came}: ${advice}`;
    throw new NpyError(code, message, detail, { cause: error, fault });
  }
}

/** How many kinds of values without a dtype a message names. */
const MOST_KINDS = 5;
const KINDS =
  'give an ndarray, a typed array, or nested lists of values of one kind: numbers, bigints, booleans, text or Dates';
const NO_OBJECTS =
  'an array of numbers, text or records, and an array of objects came: object arrays are not sent, since their pickles are run by ' +
  'whoever reads them';

/** An ndarray, a view, a typed array, a store: what is an array of its own already. */
function isArray(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || isRevoked(value)) return false;
  return ArrayBuffer.isView(value) || 'data' in value;
}

/** The first of `count` texts, and how many more there are. */
function listText(first: readonly string[], count: number): string {
  return count > first.length ? `${first.join(', ')} and ${count - first.length} more` : first.join(', ');
}

/** `Uint8Array of 480x640x3` */
function kindText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (!isArray(value)) return typeof value === 'object' ? tagOf(value) : typeof value;
  const { data, shape, length } = value as { data?: unknown; shape?: unknown; length?: unknown };
  const store = ArrayBuffer.isView(value) ? value : data;
  const lengths = Array.isArray(shape) ? shape : [length];
  return quoted(`${tagOf(store)} of ${lengths.map(String).join('x') || 'one element'}`, 80);
}
