// Every class and function that a pickle may name, and the code that replaces it. Nothing of Python is imported or run: each entry makes a
// value of arguments, and a name that is not in this table is an error.

import { readDType, readStringDType } from '../numpy/dtype-reader.ts';
import { readFromBuffer } from '../numpy/numpy-array.ts';
import { PyByteArray, PyFrozenSet, type PyGlobal, PyUuid } from '../values/builtin-classes.ts';
import { decodeDate, decodeDateTime, decodeTime } from '../values/datetime-state.ts';
import {
  bytesArgument,
  complex,
  encodeLatin1,
  fillSet,
  orderedDict,
  range,
  reconstructor,
  slice,
} from './builtin-calls.ts';
import { type Call, required } from './call-arguments.ts';
import { dateOrTimeCall, timedelta, timezone } from './datetime-calls.ts';
import { decimal, fraction } from './numeric-calls.ts';
import { ARRAYS, reconstructArray, scalar } from './numpy-calls.ts';

/** The rule for one name. */
export interface GlobalRule {
  /** Replaces a call of the name. Left out if the name may not be called. */
  readonly call?: Call;
  /** Replaces `cls.__new__(cls, *args)`. */
  readonly create?: Call;
  /** True if the arguments are kept, because the value does not determine them. */
  readonly keepsArgs?: true;
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
  ['datetime.date', { call: dateOrTimeCall('datetime.date', (state, zone) => (zone ? undefined : decodeDate(state))) }],
  ['datetime.time', { call: dateOrTimeCall('datetime.time', decodeTime) }],
  ['datetime.datetime', { call: dateOrTimeCall('datetime.datetime', decodeDateTime) }],
  ['datetime.timedelta', { call: timedelta }],
  ['datetime.timezone', { call: timezone, keepsArgs: true }],
  ['decimal.Decimal', { call: decimal, keepsArgs: true }],
  ['fractions.Fraction', { call: fraction, keepsArgs: true }],
  [
    'uuid.UUID',
    { create: (args, context) => required(args.length ? undefined : new PyUuid(-1n), 'UUID', args, context) },
  ],
]);

/** Returns the rule for a name; undefined for an unknown name. */
export function lookUpGlobal({ module, name }: PyGlobal): GlobalRule | undefined {
  return typeof name === 'string' && !name.includes('.') ? rules.get(`${module}.${name}`) : undefined;
}
