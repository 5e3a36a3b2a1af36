// Checks options, which are an object with names that the function knows. An unknown name or a value of the wrong kind is an error, because
// a misspelled limit would otherwise limit nothing.
import type { NpyDetailByCode } from '../error-detail.ts';
import { NpyError } from '../errors.ts';
import { nameOf, quoted } from '../text/quoted.ts';

/**
 * Returns the options if all of their names are known; undefined if there are no options.
 * @param names the names that the function knows
 * @param what the options, as messages name them
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
    throw optionError(`${what} must be an object { ${known} }, not ${shown(options)}`, { name: what, value: options });
  }
  for (const name in options) {
    if (!names.includes(name) && Object.hasOwn(options, name)) {
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

/** Returns whether an object is a record: not a list, a typed array, a Map or anything else with a toString tag of its own. */
function isRecord(options: object): boolean {
  // The quick check comes first: nearly all options are plain objects, and reading a tag is slow.
  if (Object.getPrototypeOf(options) === Object.prototype && !(Symbol.toStringTag in options)) return true;
  return Object.prototype.toString.call(options) === '[object Object]';
}

/** Returns whether the names differ in at most two neighbouring characters. Upper and lower case count as equal. */
export function isNear(given: string, name: string): boolean {
  const [a, b] = [given.toLowerCase(), name.toLowerCase()];
  let start = 0;
  while (start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return start + end + 2 >= Math.max(a.length, b.length);
}

/** Returns a wrong value as a message shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value, 40);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : nameOf(value);
}

/** Checks the value of an option, which may be left out. @throws NpyError NPY_OPTION, or `code`, if there is a value and it is not valid */
export function checkOption(value: unknown, name: string, isValid: boolean, expected: string, code?: OptionCode): void {
  if (value !== undefined && value !== null && !isValid) {
    throw optionError(`the option ${name} must be ${expected}, not ${shown(value)}`, { name, value }, code);
  }
}

/** The codes of an option with a wrong value. */
type OptionCode = 'NPY_OPTION' | 'NPY_LIMIT' | 'NPY_HEADER' | 'NPY_OBJECTS';

/** Returns an NpyError NPY_OPTION, or of the given code, that is the caller's fault. */
export function optionError(
  message: string,
  detail: NpyDetailByCode[OptionCode],
  code: OptionCode = 'NPY_OPTION',
): NpyError {
  return new NpyError(code, `npy: ${message}`, detail, { fault: 'caller' });
}
