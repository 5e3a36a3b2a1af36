// Every class and function that a pickle may name, and the code that replaces it. Nothing of Python is imported or run: each entry makes a
// value of arguments, and a name that is not in this table ends the reading.

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
  floatValue,
  isDecimal,
  isInt,
  largeIntBytes,
  PyDecimal,
  PyFraction,
  parseFraction,
} from '../values/numeric-values.ts';
import { latin1Data } from './latin1-bytes.ts';

/** The rule for one name. */
export interface GlobalRule {
  /** Replaces a call of the name. Left out if the name may not be called. */
  readonly call?: (args: PyTuple, context: ReadContext) => object;
  /** Replaces `cls.__new__(cls, *args)`. */
  readonly create?: (args: PyTuple, context: ReadContext) => object;
  /** True if the arguments are kept, because the value does not determine them. */
  readonly keepsArgs?: true;
}

/** Returns `value` if there is one. @throws NpyError NPY_PICKLE about the arguments if not */
function required<T>(value: T | undefined, what: string, args: PyTuple, { fail }: ReadContext): T {
  if (value !== undefined) return value;
  throw fail(`expected the arguments of ${what}, got (${args.slice(0, 8).map(kindOf).join(', ')})`);
}

/** Returns the items of a list that is the only argument. */
function itemsArgument(args: PyTuple, what: string, context: ReadContext): unknown[] {
  const [list] = args;
  if (args.length === 0) return [];
  if (args.length > 1 || !Array.isArray(list)) throw context.fail(`expected the items of ${what}`);
  context.charge(list.length);
  return list;
}

function fillSet(set: Set<unknown>, args: PyTuple, context: ReadContext): Set<unknown> {
  for (const item of itemsArgument(args, 'set', context)) {
    context.charge(largeIntBytes(item));
    if (!isHashable(item)) throw context.fail('a list, dict, set, bytearray or array cannot be in a set');
    context.inserter.add(set, item);
  }
  return set;
}

function bytesArgument(args: PyTuple, what: string, context: ReadContext): Uint8Array {
  if (args.length === 0) return new Uint8Array(0);
  // Python 2 wrote bytearray(text, 'latin-1').
  const data = args.length <= 2 ? latin1Data(args[0], context) : undefined;
  if (!data) throw context.fail(`expected the content of ${what}`);
  context.charge(data.length);
  return data.slice();
}

function encodeLatin1(args: PyTuple, context: ReadContext): Uint8Array {
  const [text, encoding] = args;
  const latin = args.length === 2 && (encoding === 'latin1' || encoding === 'latin-1');
  const bytes = latin && typeof text === 'string' ? latin1Data(text, context) : undefined;
  return required(bytes, '_codecs.encode: Latin-1 text and latin1', args, context);
}

function complex(args: PyTuple, context: ReadContext): { re: number; im: number } {
  const [re, im] = [floatValue(args[0]), floatValue(args[1])];
  if (re === undefined || im === undefined || args.length !== 2)
    throw context.fail('expected the two floats of a complex number');
  return { re, im };
}

function zoneOf(value: unknown): PyTimeZone | null | undefined {
  if (value === undefined || value === null) return null;
  return value instanceof PyTimeZone ? value : undefined;
}

/** Returns the call that makes a date, time or datetime of its state and an optional timezone. */
function dateOrTimeCall<T extends object>(
  what: string,
  make: (state: Uint8Array, tzinfo: PyTimeZone | null) => T | undefined,
): NonNullable<GlobalRule['call']> {
  return (args, context) => {
    const state = latin1Data(args[0], context);
    const tzinfo = zoneOf(args[1]);
    const fits = state !== undefined && tzinfo !== undefined && args.length <= 2;
    return required(fits ? make(state, tzinfo) : undefined, what, args, context);
  };
}

function timedelta(args: PyTuple, context: ReadContext): PyTimeDelta {
  const [days, seconds, microseconds] = args;
  const areNumbers = typeof days === 'number' && typeof seconds === 'number' && typeof microseconds === 'number';
  const delta = areNumbers && args.length === 3 ? new PyTimeDelta(days, seconds, microseconds) : undefined;
  return required(delta && isDelta(delta) ? delta : undefined, 'datetime.timedelta', args, context);
}

function timezone(args: PyTuple, context: ReadContext): PyTimeZone {
  const [offset, name] = args;
  const named = typeof name === 'string' || name instanceof PyStr;
  const fits = offset instanceof PyTimeDelta && (args.length === 1 || (args.length === 2 && named));
  const zone = fits ? new PyTimeZone(offset, named ? name : undefined) : undefined;
  return required(zone && isZone(zone) ? zone : undefined, 'datetime.timezone', args, context);
}

function decimal(args: PyTuple, context: ReadContext): PyDecimal {
  const [text] = args;
  const fits = args.length === 1 && typeof text === 'string';
  if (fits) context.charge(text.length);
  return required(fits && isDecimal(text) ? new PyDecimal(text) : undefined, 'Decimal', args, context);
}

function fraction(args: PyTuple, context: ReadContext): PyFraction {
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

function range(args: PyTuple, context: ReadContext): PyRange {
  const [start, stop, step] = args;
  context.charge(largeIntBytes(start) + largeIntBytes(stop) + largeIntBytes(step));
  const fits = args.length === 3 && isInt(start) && isInt(stop) && isInt(step) && BigInt(step) !== 0n;
  return required(fits ? new PyRange(start, stop, step) : undefined, 'range', args, context);
}

function slice(args: PyTuple, context: ReadContext): PySlice {
  return required(args.length === 3 ? new PySlice(args[0], args[1], args[2]) : undefined, 'slice', args, context);
}

function isNamed(value: unknown, name: string): boolean {
  return value instanceof PyGlobal && `${value.module}.${value.name}` === name;
}

/** Does what `copyreg._reconstructor(uuid.UUID, object, None)` does, which protocols 0 and 1 use. */
function reconstructor(args: PyTuple, context: ReadContext): PyUuid {
  const fits = args.length === 3 && isNamed(args[0], 'uuid.UUID') && isNamed(args[1], 'builtins.object');
  return required(
    fits && args[2] === null ? new PyUuid(-1n) : undefined,
    'copyreg._reconstructor: a UUID',
    args,
    context,
  );
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

/** ndarray, and subclasses with the state of an ndarray, which are read as ndarrays. */
const ARRAYS = [
  ...['numpy.ndarray', 'numpy.matrix', 'numpy.memmap', 'numpy.recarray', 'numpy.rec.recarray'],
  ...['numpy.chararray', 'numpy.char.chararray'],
];

/** The letter `b`, which stands for int8. */
const INT8 = 0x62;

function reconstructArray(args: PyTuple, context: ReadContext): NumpyArray {
  const [cls, shape, type] = args;
  const isEmpty = shape instanceof PyTuple && shape.length === 1 && shape[0] === 0;
  const isByte = latin1Data(type, context)?.[0] === INT8;
  const fits = args.length === 3 && ARRAYS.some((name) => isNamed(cls, name)) && isEmpty && isByte;
  return required(fits ? emptyArray() : undefined, '_reconstruct: numpy.ndarray, (0,), "b"', args, context);
}

function scalar(args: PyTuple, context: ReadContext): NumpyScalar {
  const [dtype, content] = args;
  const data = content instanceof NumpyArray ? content : latin1Data(content, context);
  if (args.length !== 2 || !(dtype instanceof NumpyDType)) throw context.fail('expected the dtype of a scalar');
  dtype.seal();
  if (data && NumpyScalar.fits(dtype, data)) return new NumpyScalar(dtype, data);
  throw context.fail(`expected the ${dtype.itemsize} bytes of a scalar`);
}

/** The rules by module and name, as Python 3 and NumPy 2 have them. */
const rules: ReadonlyMap<string, GlobalRule> = new Map<string, GlobalRule>([
  ...ARRAYS.map((name): [string, GlobalRule] => [name, {}]),
  ['numpy.record', {}],
  ['numpy.dtype', { call: readDType, keepsArgs: true }],
  ['numpy._core.multiarray._reconstruct', { call: reconstructArray, keepsArgs: true }],
  ['numpy._core.multiarray.scalar', { call: scalar, keepsArgs: true }],
  ['numpy._core.numeric._frombuffer', { call: readFromBuffer }],
  ['numpy._core._internal._convert_to_stringdtype_kwargs', { call: readStringDType, keepsArgs: true }],
  ['builtins.object', {}],
  ['builtins.complex', { call: complex }],
  ['builtins.set', { call: (args, context) => fillSet(new Set(), args, context) }],
  ['builtins.frozenset', { call: (args, context) => fillSet(new PyFrozenSet(), args, context) }],
  ['builtins.bytes', { call: (args, context) => bytesArgument(args, 'bytes', context) }],
  ['builtins.bytearray', { call: (args, context) => new PyByteArray(bytesArgument(args, 'bytearray', context)) }],
  ['builtins.slice', { call: slice, keepsArgs: true }],
  ['builtins.range', { call: range }],
  ['_codecs.encode', { call: encodeLatin1 }],
  ['copyreg._reconstructor', { call: reconstructor }],
  ['collections.OrderedDict', { call: orderedDict }],
  ['datetime.date', { call: dateOrTimeCall('datetime.date', (state, zone) => (zone ? undefined : dateOf(state))) }],
  ['datetime.time', { call: dateOrTimeCall('datetime.time', timeOf) }],
  ['datetime.datetime', { call: dateOrTimeCall('datetime.datetime', dateTimeOf) }],
  ['datetime.timedelta', { call: timedelta }],
  ['datetime.timezone', { call: timezone, keepsArgs: true }],
  ['decimal.Decimal', { call: decimal, keepsArgs: true }],
  ['fractions.Fraction', { call: fraction, keepsArgs: true }],
  [
    'uuid.UUID',
    { create: (args, context) => required(args.length ? undefined : new PyUuid(-1n), 'UUID', args, context) },
  ],
]);

/** Makes an OrderedDict of Python 2's argument, a list of lists of two. */
function orderedDict(args: PyTuple, context: ReadContext): PyOrderedDict {
  const dict = new PyOrderedDict();
  for (const pair of itemsArgument(args, 'OrderedDict', context)) {
    const [key, value] = Array.isArray(pair) && pair.length === 2 ? pair : [[]];
    if (!isHashable(key)) throw context.fail('expected the pairs of OrderedDict');
    context.charge(largeIntBytes(key) + largeIntBytes(value));
    context.inserter.set(dict, key, value);
  }
  return dict;
}

/** Returns the rule for a name; undefined for an unknown name. */
export function lookUpGlobal({ module, name }: PyGlobal): GlobalRule | undefined {
  return typeof name === 'string' && !name.includes('.') ? rules.get(`${module}.${name}`) : undefined;
}
