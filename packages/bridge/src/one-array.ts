// One message is one array. Several at once, by name or as a list, are refused with a sentence that says what came: of two
// rows of equal length np.save's format makes one array of two axes, and the model would be none the wiser.
import { isNpyError, NpyError } from '@bridge/npy';
import { isRevoked, tagOf } from './option.ts';
import { quoted } from './quoted.ts';

/** How many of several arrays a message names. */
const MOST_NAMED = 8;
/** So many items of a list are looked at: it may have four thousand million, and nothing in any of them. */
const MOST_LOOKED_AT = 1024;

/**
 * Nested lists of numbers go on, and so does whatever else may be one array: whoever encodes it tells what is wrong.
 * @param who with its verb: `a call takes`
 * @throws NpyError NPY_ARRAY where several arrays came, as a list or by name
 */
export function checkOneArray(who: string, input: unknown): void {
  if (typeof input !== 'object' || input === null) return;
  try {
    lookAt(who, input);
  } catch (error) {
    // A proxy, or a getter, that throws at whoever looks: whoever encodes it says so.
    if (isNpyError(error)) throw error;
  }
}

function lookAt(who: string, input: object): void {
  if (Array.isArray(input)) {
    if (!input.slice(0, MOST_LOOKED_AT).some(isArray)) return;
    throw several(
      who,
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
    who,
    `an object with ${names.length === 0 ? 'nothing in it' : listText(values, names.length)} came`,
    'its arrays go by no name here',
  );
}

function several(who: string, came: string, hint: string): NpyError {
  const message = `${who} one array, and ${came}: make one array of them, or send each by a call of its own; ${hint}`;
  return new NpyError('NPY_ARRAY', message, { expected: 'one array', actual: came });
}

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
