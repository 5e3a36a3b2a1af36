// Values that have no opcode of their own: which call of which name, with which arguments, stands for them in a pickle.
// The other side of globals.ts. What Python makes anew each time it pickles is marked as fresh.

import { type DType, isSwapped } from '../../dtype/dtype.ts';
import type { Made } from '../identities.ts';
import { dtypeArgs, dtypeState } from '../numpy/dtype-reduction.ts';
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
} from '../values/builtins.ts';
import {
  isClock,
  isDay,
  isDelta,
  isZone,
  PyDate,
  PyDateTime,
  PyTime,
  PyTimeDelta,
  PyTimeZone,
} from '../values/datetime.ts';
import { dateState, dateTimeState, timeState } from '../values/datetime-state.ts';
import { isHashable } from '../values/hashable.ts';
import { asFloat, asInt, floatOf, isDecimal, isInt, PyDecimal, PyFraction } from '../values/numeric-values.ts';
import type { Protocol } from './emitter.ts';
import { FreshBytes, FreshText } from './fresh-marks.ts';

/** How a value is made again. */
export interface Reduction {
  readonly callable: PyGlobal;
  readonly args: PyTuple;
  /** `cls.__new__(cls, *args)` instead of a call. */
  readonly creates?: true;
  /** Items set after it is made. */
  readonly entries?: Map<unknown, unknown>;
  readonly state?: unknown;
}

/** What the form of a reduction depends on. */
export interface Dialect {
  readonly protocol: Protocol;
  readonly numpyCore: 'numpy._core' | 'numpy.core';
}

/** How `value` is made again; `made` is how it was when it was read. @throws NpyError NPY_VALUE */
export function reductionOf(value: object, dialect: Dialect, made: Made | undefined): Reduction {
  if (value instanceof NumpyArray) return arrayReduction(value, dialect, made);
  const fresh = freshReduction(value, dialect);
  if (!fresh) throw valueError(`${kindOf(value)} is no value that a pickle of ours holds`, { value });
  // A complex number can be changed after it was read.
  if (!made || (isComplex(value) && !isSameComplex(value, made.args))) return fresh;
  const { args, state } = made;
  return { ...fresh, args, ...(state === undefined ? {} : { state }) };
}

/** An array that was read keeps its class, which its arguments name; its state, as long as it is in that state. */
function arrayReduction(array: NumpyArray, { protocol, numpyCore }: Dialect, made: Made | undefined): Reduction {
  checkArray(array);
  if (protocol >= 5 && !made && isBuffer(array.dtype.type)) {
    const { dtype, shape, fortranOrder, data = new Uint8Array(0) } = array;
    const order = fortranOrder ? 'F' : 'C';
    return call(`${numpyCore}.numeric`, '_frombuffer', new PyByteArray(data), dtype, tupleOf(shape), order);
  }
  const args = made?.args ?? reconstructArgs();
  const state = made && isStateOf(array, made.state) ? made.state : arrayState(array);
  return { ...call(`${numpyCore}.multiarray`, '_reconstruct'), args, state };
}

/** `(numpy.ndarray, (0,), b'b')`: an array that its state is to come to. */
export function reconstructArgs(): PyTuple {
  return tuple(new PyGlobal('numpy', 'ndarray'), tuple(0), Uint8Array.of(0x62));
}

/** Whether NumPy gives arrays of that dtype out as a buffer, which protocol 5 writes as a bytearray. */
function isBuffer(type: DType): boolean {
  return type.name !== 'object' && type.itemsize > 0 && isExported(type);
}

function isExported(type: DType): boolean {
  const { kind, name, fields, subarray } = type;
  if (subarray) return isExported(subarray.type);
  // A buffer says the byte order of all numbers but of these.
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

function freshReduction(value: object, { protocol, numpyCore }: Dialect): Reduction | undefined {
  if (value instanceof NumpyScalar) return call(`${numpyCore}.multiarray`, 'scalar', value.dtype, value.data);
  if (value instanceof NumpyDType) {
    const args = dtypeArgs(value);
    if (value.strings) return call(`${numpyCore}._internal`, '_convert_to_stringdtype_kwargs', ...args);
    return { ...call('numpy', 'dtype', ...args), state: dtypeState(value, numpyCore === 'numpy.core') };
  }
  if (value instanceof PyDateTime) {
    check(isDay(value) && isClock(value), value);
    return call('datetime', 'datetime', dateTimeState(value, protocol), ...zone(value));
  }
  if (value instanceof PyTime) {
    check(isClock(value), value);
    return call('datetime', 'time', timeState(value, protocol), ...zone(value));
  }
  if (value instanceof PyDate) {
    check(isDay(value), value);
    return call('datetime', 'date', dateState(value));
  }
  if (value instanceof PyTimeDelta) {
    check(isDelta(value), value);
    return call('datetime', 'timedelta', value.days, value.seconds, value.microseconds);
  }
  if (value instanceof PyTimeZone) {
    check(isZone(value), value);
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
    return call('builtins', 'bytearray', ...(value.bytes.length === 0 ? [] : [new FreshBytes(value.bytes)]));
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
  if (!valid) throw valueError(`${kindOf(value)} is none that Python has`, { value });
}

function isComplex(value: object): value is { re: number; im: number } {
  return 're' in value && 'im' in value && typeof value.re === 'number' && typeof value.im === 'number';
}

function isSameComplex(value: { re: number; im: number }, args: PyTuple): boolean {
  return Object.is(value.re, floatOf(args[0])) && Object.is(value.im, floatOf(args[1]));
}
