// Arguments that throw at whoever looks at them: a getter, or a proxy. It is found out where something was thrown already, and costs
// nothing before.
import { isNpyError, NpyError, type NpyErrorCode } from '../errors.ts';

/**
 * The error to throw where `error` came up. What a codec for objects throws is its own, and goes on as it is.
 * @param look goes over the array that was handed in
 */
export function told(error: unknown, options: object | undefined | null, look: () => unknown = () => {}): unknown {
  if (isNpyError(error)) return error;
  return unread('the options', 'NPY_OPTION', () => readAll(options)) ?? unread('the array', 'NPY_ARRAY', look) ?? error;
}

function unread(what: string, code: NpyErrorCode, look: () => unknown): NpyError | undefined {
  try {
    look();
  } catch (cause) {
    // One that says what is wrong would have come up before.
    if (!isNpyError(cause))
      return new NpyError(code, `npy: ${what} cannot be read: looking at it throws`, {}, { cause, fault: 'caller' });
  }
  return undefined;
}

/** Limits are looked at with the options that they are in. */
function readAll(options: object | undefined | null): void {
  for (const each of Object.values(options ?? {}))
    if (typeof each === 'object' && each !== null && Object.getPrototypeOf(each) === Object.prototype)
      Object.values(each);
}
