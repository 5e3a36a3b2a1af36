// Options, which are one object of names known to the function: a name that is none, and a value of another kind, is an error.
// What was misspelled would otherwise be passed over in silence, limits among it.
import { NpyError, type NpyErrorCode } from '../errors.ts';
import { nameOf, quoted } from '../text/quoted.ts';

/**
 * Options that are all known; undefined where none are given.
 * @param names those that the function knows
 * @throws NpyError NPY_OPTION
 */
export function checkOptions<T extends object>(
  options: T | undefined | null,
  names: readonly string[],
  what = 'options',
): T | undefined {
  if (options === undefined || options === null) return undefined;
  if (typeof options !== 'object' || !isRecord(options)) {
    const known = names.map((name) => `${name}: …`).join(', ');
    throw optionError(`${what} are an object { ${known} }, not ${shown(options)}`, { [what]: options });
  }
  for (const name in options) {
    if (!names.includes(name) && Object.hasOwn(options, name) && options[name] !== undefined) {
      const near = names.find((known) => isNear(name, known));
      const hint = near ? ` Did you mean ${near}?` : '';
      throw optionError(`unknown name ${quoted(name)} in ${what}.${hint} Known names: ${names.join(', ')}`, {
        name,
        names,
      });
    }
  }
  return options;
}

/** Lists, typed arrays, Maps and all others that have a tag of their own are no options. */
function isRecord(options: object): boolean {
  // Asked first, because nearly all options are, and a tag takes long to ask for.
  if (Object.getPrototypeOf(options) === Object.prototype && !(Symbol.toStringTag in options)) return true;
  return Object.prototype.toString.call(options) === '[object Object]';
}

/** Whether `given` is `name` with two characters next to each other mistyped, left out or added; capitals do not count. */
function isNear(given: string, name: string): boolean {
  const [a, b] = [given.toLowerCase(), name.toLowerCase()];
  let start = 0;
  while (start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end + 2 >= Math.max(a.length, b.length);
}

/** A value that is not right, in a message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value, 40);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : nameOf(value);
}

/** @throws NpyError NPY_OPTION, or of that code, where there is a value and it is not right */
export function checkOption(
  value: unknown,
  name: string,
  isRight: boolean,
  expected: string,
  code?: NpyErrorCode,
): void {
  if (value !== undefined && value !== null && !isRight) {
    throw optionError(`the option ${name} must be ${expected}, not ${shown(value)}`, { [name]: value }, code);
  }
}

/** @returns NpyError NPY_OPTION, or of that code; the caller's fault */
export function optionError(
  message: string,
  detail: Record<string, unknown>,
  code: NpyErrorCode = 'NPY_OPTION',
): NpyError {
  return new NpyError(code, `npy: ${message}`, detail, { fault: 'caller' });
}
