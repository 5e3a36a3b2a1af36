// Converts values to elements of a dtype: to numbers by number-cast.ts, to times by time-count.ts. The stores of text, bytes, structures
// and objects check values themselves.
import { type DType, isFixedName } from '../dtype/dtype.ts';
import { GENERIC } from '../dtype/time-unit.ts';
import { numberCaster } from './number-cast.ts';
import { checkCount } from './time-count.ts';

/** Returns the function that turns a value into an element of the dtype. */
export function casterTo(type: DType): (value: unknown) => unknown {
  const { name, unit = GENERIC } = type;
  if (isFixedName(name)) return numberCaster(type);
  if (name !== 'datetime64' && name !== 'timedelta64') return (value) => value;
  return (value) => checkCount(name, unit, value);
}
