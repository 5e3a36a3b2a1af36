// Which value any dtype takes, and as what: numbers as number-cast.ts says, times as counts. Text, bytes, structures and
// objects are taken by their stores as they are.
import { type DType, isFixedName } from '../dtype/dtype.ts';
import { GENERIC } from '../dtype/time-unit.ts';
import { numberCaster } from './number-cast.ts';
import { checkCount } from './time-count.ts';

/** How a value becomes an element of that dtype. */
export function casterTo(type: DType): (value: unknown) => unknown {
  const { name, unit = GENERIC } = type;
  if (isFixedName(name)) return numberCaster(type);
  if (name !== 'datetime64' && name !== 'timedelta64') return (value) => value;
  return (value) => checkCount(name, unit, value);
}
