// Every class and function that a pickle may name, and what takes the place of calling it. Nothing of Python is imported
// or run: each entry makes a value out of arguments, and a name that is not in this table ends the reading.

import { readDType, readStringDType } from '../numpy/dtype-state.ts';
import { emptyArray, NumpyArray, NumpyScalar, readFromBuffer } from '../numpy/numpy-array.ts';
import { NumpyDType } from '../numpy/numpy-dtype.ts';
import { kindOf, type ReadContext } from '../pickle-error.ts';
import {
  MAX_UUID,
  PyByteArray,
  PyFrozenSet,
  PyGlobal,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyStr,
  PyTuple,
  PyUuid,
} from '../values/builtins.ts';
import { isDelta, isZone, PyTimeDelta, PyTimeZone } from '../values/datetime.ts';
import { dateOf, dateTimeOf, timeOf } from '../values/datetime-state.ts';
import { isHashable } from '../values/hashable.ts';
import {
  bytesOfLarge,
  floatOf,
  isDecimal,
  isInt,
  PyDecimal,
  PyFraction,
  parseFraction,
} from '../values/numeric-values.ts';
import { dataOf } from './latin1-bytes.ts';

/** What one name stands for. */
export interface Known {
  /** In the place of a call; without it, the name is no function. */
  readonly call?: (args: PyTuple, context: ReadContext) => object;
  /** In the place of `cls.__new__(cls, *args)`. */
  readonly create?: (args: PyTuple, context: ReadContext) => object;
  /** The arguments are kept: not all of them can be told from the value. */
  readonly keepsArgs?: true;
}

function need<T>(value: T | undefined, what: string, args: PyTuple, { fail }: ReadContext): T {
  if (value !== undefined) return value;
  throw fail(`expected the arguments of ${what}, got (${args.slice(0, 8).map(kindOf).join(', ')})`);
}

function items(args: PyTuple, what: string, context: ReadContext): unknown[] {
  const [list] = args;
  if (args.length === 0) return [];
  if (args.length > 1 || !Array.isArray(list)) throw context.fail(`expected the items of ${what}`);
  context.charge(list.length);
  return list;
}

function filled(set: Set<unknown>, args: PyTuple, context: ReadContext): Set<unknown> {
  for (const item of items(args, 'set', context)) {
    context.charge(bytesOfLarge(item));
    if (!isHashable(item)) throw context.fail('a list, dict, set, bytearray or array cannot be in a set');
    context.keyed.add(set, item);
  }
  return set;
}

function bytesOf(args: PyTuple, what: string, context: ReadContext): Uint8Array {
  if (args.length === 0) return new Uint8Array(0);
  // bytearray(text, 'latin-1') is how Python 2 spelled it.
  const data = args.length <= 2 ? dataOf(args[0], context) : undefined;
  if (!data) throw context.fail(`expected the content of ${what}`);
  context.charge(data.length);
  return data.slice();
}

function encoded(args: PyTuple, context: ReadContext): Uint8Array {
  const [text, encoding] = args;
  const latin = args.length === 2 && (encoding === 'latin1' || encoding === 'latin-1');
  const bytes = latin && typeof text === 'string' ? dataOf(text, context) : undefined;
  return need(bytes, '_codecs.encode: Latin-1 characters and the word latin1', args, context);
}

function complex(args: PyTuple, context: ReadContext): { re: number; im: number } {
  const [re, im] = [floatOf(args[0]), floatOf(args[1])];
  if (re === undefined || im === undefined || args.length !== 2) throw context.fail('expected two floats of a complex');
  return { re, im };
}

function zoneOf(value: unknown): PyTimeZone | null | undefined {
  if (value === undefined || value === null) return null;
  return value instanceof PyTimeZone ? value : undefined;
}

/** date, time or datetime of its state and, perhaps, its timezone. */
function moment<T extends object>(
  what: string,
  make: (state: Uint8Array, tzinfo: PyTimeZone | null) => T | undefined,
): NonNullable<Known['call']> {
  return (args, context) => {
    const state = dataOf(args[0], context);
    const tzinfo = zoneOf(args[1]);
    const fits = state !== undefined && tzinfo !== undefined && args.length <= 2;
    return need(fits ? make(state, tzinfo) : undefined, what, args, context);
  };
}

function timedelta(args: PyTuple, context: ReadContext): PyTimeDelta {
  const [days, seconds, microseconds] = args;
  const areNumbers = typeof days === 'number' && typeof seconds === 'number' && typeof microseconds === 'number';
  const delta = areNumbers && args.length === 3 ? new PyTimeDelta(days, seconds, microseconds) : undefined;
  return need(delta && isDelta(delta) ? delta : undefined, 'datetime.timedelta', args, context);
}

function timezone(args: PyTuple, context: ReadContext): PyTimeZone {
  const [offset, name] = args;
  const named = typeof name === 'string' || name instanceof PyStr;
  const fits = offset instanceof PyTimeDelta && (args.length === 1 || (args.length === 2 && named));
  const zone = fits ? new PyTimeZone(offset, named ? name : undefined) : undefined;
  return need(zone && isZone(zone) ? zone : undefined, 'datetime.timezone', args, context);
}

function decimal(args: PyTuple, context: ReadContext): PyDecimal {
  const [text] = args;
  const fits = args.length === 1 && typeof text === 'string';
  if (fits) context.charge(text.length);
  return need(fits && isDecimal(text) ? new PyDecimal(text) : undefined, 'Decimal', args, context);
}

function fraction(args: PyTuple, context: ReadContext): PyFraction {
  const [numerator, denominator] = args;
  if (args.length === 1 && typeof numerator === 'string') {
    context.charge(numerator.length);
    return need(parseFraction(numerator), 'Fraction', args, context);
  }
  const fits = args.length === 2 && isInt(numerator) && isInt(denominator) && denominator > 0;
  context.charge(bytesOfLarge(numerator) + bytesOfLarge(denominator));
  const made = fits ? new PyFraction(BigInt(numerator), BigInt(denominator)) : undefined;
  return need(made, 'Fraction', args, context);
}

function range(args: PyTuple, context: ReadContext): PyRange {
  const [start, stop, step] = args;
  context.charge(bytesOfLarge(start) + bytesOfLarge(stop) + bytesOfLarge(step));
  const fits = args.length === 3 && isInt(start) && isInt(stop) && isInt(step) && BigInt(step) !== 0n;
  return need(fits ? new PyRange(start, stop, step) : undefined, 'range', args, context);
}

function slice(args: PyTuple, context: ReadContext): PySlice {
  return need(args.length === 3 ? new PySlice(args[0], args[1], args[2]) : undefined, 'slice', args, context);
}

function isNamed(value: unknown, name: string): boolean {
  return value instanceof PyGlobal && `${value.module}.${value.name}` === name;
}

/** `copyreg._reconstructor(uuid.UUID, object, None)`: protocols 0 and 1. */
function reconstructor(args: PyTuple, context: ReadContext): PyUuid {
  const fits = args.length === 3 && isNamed(args[0], 'uuid.UUID') && isNamed(args[1], 'builtins.object');
  return need(fits && args[2] === null ? new PyUuid(-1n) : undefined, 'copyreg._reconstructor: a UUID', args, context);
}

/** UUID.__setstate__. */
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

/** ndarray, and its subclasses whose state is that of an ndarray. They are read as what they are made of. */
const ARRAYS = [
  ...['numpy.ndarray', 'numpy.matrix', 'numpy.memmap', 'numpy.recarray', 'numpy.rec.recarray'],
  ...['numpy.chararray', 'numpy.char.chararray'],
];

/** `b`: int8. */
const INT8 = 0x62;

function array(args: PyTuple, context: ReadContext): NumpyArray {
  const [cls, shape, type] = args;
  const isEmpty = shape instanceof PyTuple && shape.length === 1 && shape[0] === 0;
  const isByte = dataOf(type, context)?.[0] === INT8;
  const fits = args.length === 3 && ARRAYS.some((name) => isNamed(cls, name)) && isEmpty && isByte;
  return need(fits ? emptyArray() : undefined, '_reconstruct: numpy.ndarray, (0,), "b"', args, context);
}

function scalar(args: PyTuple, context: ReadContext): NumpyScalar {
  const [dtype, content] = args;
  const data = content instanceof NumpyArray ? content : dataOf(content, context);
  if (args.length !== 2 || !(dtype instanceof NumpyDType)) throw context.fail('expected the dtype of a scalar');
  dtype.seal();
  if (data && NumpyScalar.fits(dtype, data)) return new NumpyScalar(dtype, data);
  throw context.fail(`expected the ${dtype.itemsize} bytes of a scalar`);
}

/** By module and name as Python 3 and NumPy 2 have them. */
const known: ReadonlyMap<string, Known> = new Map<string, Known>([
  ...ARRAYS.map((name): [string, Known] => [name, {}]),
  ['numpy.record', {}],
  ['numpy.dtype', { call: readDType, keepsArgs: true }],
  ['numpy._core.multiarray._reconstruct', { call: array, keepsArgs: true }],
  ['numpy._core.multiarray.scalar', { call: scalar, keepsArgs: true }],
  ['numpy._core.numeric._frombuffer', { call: readFromBuffer }],
  ['numpy._core._internal._convert_to_stringdtype_kwargs', { call: readStringDType, keepsArgs: true }],
  ['builtins.object', {}],
  ['builtins.complex', { call: complex }],
  ['builtins.set', { call: (args, context) => filled(new Set(), args, context) }],
  ['builtins.frozenset', { call: (args, context) => filled(new PyFrozenSet(), args, context) }],
  ['builtins.bytes', { call: (args, context) => bytesOf(args, 'bytes', context) }],
  ['builtins.bytearray', { call: (args, context) => new PyByteArray(bytesOf(args, 'bytearray', context)) }],
  ['builtins.slice', { call: slice, keepsArgs: true }],
  ['builtins.range', { call: range }],
  ['_codecs.encode', { call: encoded }],
  ['copyreg._reconstructor', { call: reconstructor }],
  ['collections.OrderedDict', { call: orderedDict }],
  ['datetime.date', { call: moment('datetime.date', (state, zone) => (zone ? undefined : dateOf(state))) }],
  ['datetime.time', { call: moment('datetime.time', timeOf) }],
  ['datetime.datetime', { call: moment('datetime.datetime', dateTimeOf) }],
  ['datetime.timedelta', { call: timedelta }],
  ['datetime.timezone', { call: timezone, keepsArgs: true }],
  ['decimal.Decimal', { call: decimal, keepsArgs: true }],
  ['fractions.Fraction', { call: fraction, keepsArgs: true }],
  ['uuid.UUID', { create: (args, context) => need(args.length ? undefined : new PyUuid(-1n), 'UUID', args, context) }],
]);

/** Python 2 gives it a list of lists of two. */
function orderedDict(args: PyTuple, context: ReadContext): PyOrderedDict {
  const made = new PyOrderedDict();
  for (const pair of items(args, 'OrderedDict', context)) {
    const [key, value] = Array.isArray(pair) && pair.length === 2 ? pair : [[]];
    if (!isHashable(key)) throw context.fail('expected the pairs of OrderedDict');
    context.charge(bytesOfLarge(key) + bytesOfLarge(value));
    context.keyed.set(made, key, value);
  }
  return made;
}

/** What a name stands for; undefined for one that is not known. */
export function knownAs({ module, name }: PyGlobal): Known | undefined {
  return typeof name === 'string' && !name.includes('.') ? known.get(`${module}.${name}`) : undefined;
}
