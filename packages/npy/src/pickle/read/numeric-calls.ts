// Replaces calls of Decimal and Fraction, and sets the state of a UUID.

import type { ReadContext } from '../pickle-error.ts';
import { MAX_UUID, type PyTuple, type PyUuid } from '../values/builtin-classes.ts';
import { isDecimal, isInt, largeIntBytes, PyDecimal, PyFraction, parseFraction } from '../values/numeric-values.ts';
import { required } from './call-arguments.ts';

/** Makes a Decimal. */
export function decimal(args: PyTuple, context: ReadContext): PyDecimal {
  const [text] = args;
  const fits = args.length === 1 && typeof text === 'string';
  if (fits) context.charge(text.length);
  return required(fits && isDecimal(text) ? new PyDecimal(text) : undefined, 'Decimal', args, context);
}

/** Makes a Fraction of two ints or of the str that Python up to 3.10 writes. */
export function fraction(args: PyTuple, context: ReadContext): PyFraction {
  const [numerator, denominator] = args;
  if (args.length === 1 && typeof numerator === 'string') {
    context.charge(numerator.length);
    return required(parseFraction(numerator), 'Fraction', args, context);
  }
  const fits = args.length === 2 && isInt(numerator) && isInt(denominator) && denominator > 0;
  context.charge(largeIntBytes(numerator) + largeIntBytes(denominator));
  const result = fits ? new PyFraction(BigInt(numerator), BigInt(denominator)) : undefined;
  return required(result, 'Fraction', args, context);
}

/** Does what UUID.__setstate__ does. Returns the state. */
export function readUuidState(uuid: PyUuid, state: unknown, { fail }: ReadContext): Map<unknown, unknown> {
  if (!(state instanceof Map)) throw fail('expected the state of a UUID');
  const int: unknown = state.get('int');
  const isSafe: unknown = state.get('is_safe');
  const isSafeKnown = isSafe === undefined || isSafe === -1 || isSafe === 0 || isSafe === 1;
  if (!isInt(int) || int < 0 || int > MAX_UUID || !isSafeKnown || uuid.int !== -1n) {
    throw fail('expected the state of a UUID');
  }
  const writable: { -readonly [K in keyof PyUuid]: PyUuid[K] } = uuid;
  writable.int = BigInt(int);
  writable.isSafe = isSafe;
  return state;
}
