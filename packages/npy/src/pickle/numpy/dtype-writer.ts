// Writes a dtype as its reduction, which is the call that makes it in Python: the arguments of numpy.dtype, and the state for __setstate__.
import type { Field } from '../../dtype/dtype.ts';
import { type PyTuple, tuple, tupleOf } from '../values/builtin-classes.ts';
import { FreshText } from '../write/fresh-marks.ts';
import { alignmentOf, flagsOf } from './dtype-flags.ts';
import { NumpyDType } from './numpy-dtype.ts';

/** Returns the arguments of the call that makes a dtype. */
export function dtypeArgs({ type: { kind, itemsize }, strings }: NumpyDType): PyTuple {
  if (strings) {
    const coerce = strings.coerce ? 1 : 0;
    return 'na_object' in strings ? tuple(coerce, strings.na_object) : tuple(coerce);
  }
  return tuple(new FreshText(`${kind}${kind === 'U' ? itemsize / 4 : itemsize}`), false, true);
}

/** Returns the state of a dtype. @param isNumpy1 true to write missing metadata as an empty dict, as NumPy 1 does */
export function dtypeState({ type }: NumpyDType, isNumpy1: boolean): PyTuple {
  const { kind, itemsize, byteOrder, fields, subarray, unit } = type;
  const isSized = kind === 'S' || kind === 'U' || kind === 'V';
  const state = tuple(
    unit ? 4 : 3,
    // Short floats have a byte order here; to NumPy they are raw bytes, which have none.
    kind === 'V' ? '|' : byteOrder,
    subarray ? tuple(new NumpyDType(subarray.type), tuple(...subarray.shape)) : null,
    fields ? tupleOf(fields.map(({ name }) => name)) : null,
    fields ? new Map(fields.flatMap(fieldEntries)) : null,
    isSized ? itemsize : -1,
    isSized ? alignmentOf(type) : -1,
    flagsOf(type),
  );
  if (unit) {
    const name = Uint8Array.from(unit.name, (c) => c.charCodeAt(0));
    state.push(tuple(isNumpy1 ? new Map() : null, tuple(name, unit.count, 1, 1)));
  }
  return state;
}

function fieldEntries({ name, type, offset, title }: Field): [string, PyTuple][] {
  const dtype = new NumpyDType(type);
  if (title === undefined) return [[name, tuple(dtype, offset)]];
  const field = tuple(dtype, offset, title);
  return [
    [name, field],
    [title, field],
  ];
}
