// Finds the reduction of values without an opcode of their own: the call, by name and arguments, that makes the value when the pickle is
// read. read/globals.ts is the other direction. Strs and bytes that Python creates while pickling are marked as fresh.

import { asBytes } from '../../arguments/bytes-like.ts';
import { type DType, isSwapped } from '../../dtype/dtype.ts';
import type { Construction } from '../identities.ts';
import { dtypeArgs, dtypeState } from '../numpy/dtype-writer.ts';
import { arrayState, checkArray, isStateOf, NumpyArray, NumpyScalar } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, valueError } from '../pickle-error.ts';
import {
  MAX_UUID,
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySlice,
  type PyTuple,
  PyUuid,
  tuple,
  tupleOf,
} from '../values/builtin-classes.ts';
import {
  isValidDate,
  isValidTime,
  isValidTimeDelta,
  isValidTimeZone,
  PyDate,
  PyDateTime,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
} from '../values/datetime.ts';
import { encodeDate, encodeDateTime, encodeTime } from '../values/datetime-state.ts';
import { isHashable } from '../values/hashable.ts';
import { asFloat, asInt, floatValue, isDecimal, isInt, PyDecimal, PyFraction } from '../values/numeric-values.ts';
import type { Protocol } from './emitter.ts';
import { FreshBytes, FreshText } from './fresh-marks.ts';

/** The call that makes a value. */
export interface Reduction {
  readonly callable: PyGlobal;
  readonly args: PyTuple;
  /** True if `callable.__new__(callable, *args)` makes the value in place of `callable(*args)`. */
  readonly creates?: true;
  /** The entries of a dict that are set after the call. */
  readonly entries?: Map<unknown, unknown>;
  readonly state?: unknown;
}

/** The versions to write a pickle for: the pickle protocol, and the package of NumPy's internal functions. */
export interface PickleVersions {
  readonly protocol: Protocol;
  readonly numpyCore: 'numpy._core' | 'numpy.core';
}

/**
 * Returns the call that makes `value`.
 * @param construction the call that made the value, if it was read from a pickle
 * @throws NpyError NPY_VALUE
 */
export function reductionOf(
  value: object,
  versions: PickleVersions,
  construction: Construction | undefined,
): Reduction {
  if (value instanceof NumpyArray) return arrayReduction(value, versions, construction);
  const fresh = freshReduction(value, versions);
  if (!fresh) throw valueError(`${kindOf(value)} cannot be pickled`, { value });
  // A complex number may have been changed since it was read.
  if (!construction || (isComplex(value) && !isSameComplex(value, construction.args))) return fresh;
  const { args, state } = construction;
  return { ...fresh, args, ...(state === undefined ? {} : { state }) };
}

/** Returns the call for an array. An array that was read keeps its class, which is an argument, and its state, unless it has changed. */
function arrayReduction(
  array: NumpyArray,
  { protocol, numpyCore }: PickleVersions,
  construction: Construction | undefined,
): Reduction {
  checkArray(array);
  if (protocol >= 5 && !construction && isBuffer(array.dtype.type)) {
    const { dtype, shape, fortranOrder, data = new Uint8Array(0) } = array;
    const order = fortranOrder ? 'F' : 'C';
    return call(`${numpyCore}.numeric`, '_frombuffer', new PyByteArray(data), dtype, tupleOf(shape), order);
  }
  const args = construction?.args ?? reconstructArgs();
  const state = construction && isStateOf(array, construction.state) ? construction.state : arrayState(array);
  return { ...call(`${numpyCore}.multiarray`, '_reconstruct'), args, state };
}

/** Returns `(numpy.ndarray, (0,), b'b')`: the arguments for an array that gets its state later. */
export function reconstructArgs(): PyTuple {
  return tuple(new PyGlobal('numpy', 'ndarray'), tuple(0), Uint8Array.of(0x62));
}

/** Returns whether NumPy exports arrays of a dtype as a buffer, which protocol 5 writes as a bytearray. */
function isBuffer(type: DType): boolean {
  return type.name !== 'object' && type.itemsize > 0 && isExported(type);
}

function isExported(type: DType): boolean {
  const { kind, name, fields, subarray } = type;
  if (subarray) return isExported(subarray.type);
  // The format string of a buffer cannot give the byte order of these two.
  if (name === 'longdouble' || name === 'clongdouble') return !isSwapped(type);
  // The colon ends a name in the format of a buffer; a lone surrogate has no UTF-8.
  if (fields) return fields.every(({ name, type }) => !/:|\p{Cs}/u.test(name) && isExported(type));
  return kind !== 'M' && kind !== 'm';
}

function call(module: string, name: string, ...args: unknown[]): Reduction {
  return { callable: new PyGlobal(module, name), args: tuple(...args) };
}

function itemsOf(set: Set<unknown>): unknown[] {
  for (const item of set) if (!isHashable(item)) throw valueError(`${kindOf(item)} cannot be in a set in Python`);
  return [...set];
}

function freshReduction(value: object, { protocol, numpyCore }: PickleVersions): Reduction | undefined {
  if (value instanceof NumpyScalar) return call(`${numpyCore}.multiarray`, 'scalar', value.dtype, value.data);
  if (value instanceof NumpyDType) {
    const args = dtypeArgs(value);
    if (value.strings) return call(`${numpyCore}._internal`, '_convert_to_stringdtype_kwargs', ...args);
    return { ...call('numpy', 'dtype', ...args), state: dtypeState(value, numpyCore === 'numpy.core') };
  }
  if (value instanceof PyDateTime) {
    check(isValidDate(value) && isValidTime(value), value);
    return call('datetime', 'datetime', encodeDateTime(value, protocol), ...zone(value));
  }
  if (value instanceof PyTime) {
    check(isValidTime(value), value);
    return call('datetime', 'time', encodeTime(value, protocol), ...zone(value));
  }
  if (value instanceof PyDate) {
    check(isValidDate(value), value);
    return call('datetime', 'date', encodeDate(value));
  }
  if (value instanceof PyTimeDelta) {
    check(isValidTimeDelta(value), value);
    return call('datetime', 'timedelta', value.days, value.seconds, value.microseconds);
  }
  if (value instanceof PyTimeZone) {
    check(isValidTimeZone(value), value);
    return call('datetime', 'timezone', value.offset, ...(value.name === undefined ? [] : [value.name]));
  }
  if (value instanceof PyDecimal) {
    check(isDecimal(value.text), value);
    return call('decimal', 'Decimal', new FreshText(value.text));
  }
  if (value instanceof PyFraction) {
    check(typeof value.numerator === 'bigint' && typeof value.denominator === 'bigint', value);
    check(value.denominator > 0n, value);
    return call('fractions', 'Fraction', asInt(value.numerator), asInt(value.denominator));
  }
  if (value instanceof PyUuid) {
    check(typeof value.int === 'bigint' && value.int >= 0n && value.int <= MAX_UUID, value);
    check([undefined, -1, 0, 1].includes(value.isSafe), value);
    const state = new Map<string, unknown>([['int', asInt(value.int)]]);
    if (value.isSafe !== undefined) state.set('is_safe', value.isSafe);
    return { ...call('uuid', 'UUID'), creates: true, state };
  }
  if (value instanceof PyByteArray) {
    check(value.bytes instanceof Uint8Array, value);
    const bytes = asBytes(value.bytes);
    return call('builtins', 'bytearray', ...(bytes.length === 0 ? [] : [new FreshBytes(bytes)]));
  }
  if (value instanceof PySlice) return call('builtins', 'slice', value.start, value.stop, value.step);
  if (value instanceof PyRange) {
    check([value.start, value.stop, value.step].every(isInt) && BigInt(value.step) !== 0n, value);
    return call('builtins', 'range', value.start, value.stop, value.step);
  }
  if (value instanceof PyOrderedDict) return { ...call('collections', 'OrderedDict'), entries: value };
  if (value instanceof PyFrozenSet) return call('builtins', 'frozenset', itemsOf(value));
  if (value instanceof Set) return call('builtins', 'set', itemsOf(value));
  if (isComplex(value)) return call('builtins', 'complex', asFloat(value.re), asFloat(value.im));
  return undefined;
}

function zone({ tzinfo }: PyTime): PyTimeZone[] {
  return tzinfo ? [tzinfo] : [];
}

function check(valid: boolean, value: object): void {
  if (!valid) throw valueError(`${kindOf(value)} has a field that Python does not allow`, { value });
}

function isComplex(value: object): value is { re: number; im: number } {
  return 're' in value && 'im' in value && typeof value.re === 'number' && typeof value.im === 'number';
}

function isSameComplex(value: { re: number; im: number }, args: PyTuple): boolean {
  return Object.is(value.re, floatValue(args[0])) && Object.is(value.im, floatValue(args[1]));
}
