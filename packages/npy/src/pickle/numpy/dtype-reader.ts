// Reads a dtype from a pickle: numpy.dtype('V12', False, True), and then its state,
//   (3, '<', subarray, names, fields, itemsize, alignment, flags)           or 4, with metadata at the end
// Itemsize and alignment are -1 if the name says them. Older states have fewer parts at the start or the end, and have the names in the
// dict of fields. A StringDType is the call of a function with (coerce[, na_object]).
import { type DType, dtypeSized, type Field, objectType, structOf, subarrayOf } from '../../dtype/dtype.ts';
import { MAX_ITEMSIZE } from '../../dtype/subarray.ts';
import { parseTimeUnit, type TimeUnit } from '../../dtype/time-unit.ts';
import { parseTypeString } from '../../dtype/type-string.ts';
import { NATIVE_ORDER } from '../../memory/byte-order.ts';
import { latin1 } from '../../text/latin1.ts';
import { quoted } from '../../text/quoted.ts';
import { MAX_SEEDED_LENGTH } from '../hash-flooding/engine-hash.ts';
import { type Fail, kindOf, type ReadContext } from '../pickle-error.ts';
import { PyGlobal, PyTuple, tupleOf } from '../values/builtin-classes.ts';
import { isInt } from '../values/numeric-values.ts';
import { areFlagsOf } from './dtype-flags.ts';
import { type Extent, isMissing, NumpyDType } from './numpy-dtype.ts';

/** The most fields of a structured dtype, and the deepest nesting. */
const MAX_FIELDS = 100_000;
const MAX_DEPTH = 64;
/** More characters than any name that NumPy pickles, which is a letter and a number. */
const MAX_NAME_LENGTH = 16;

/** Does what numpy.dtype(name, align, copy) does. */
export function readDType(args: PyTuple, { fail }: ReadContext): NumpyDType {
  const [given] = args;
  // The dtype of a recarray, whose name is the class numpy.record, differs from other structures only in the class of its scalars.
  const isRecord = given instanceof PyGlobal && given.name === 'record';
  const name = isRecord ? 'V0' : decodeWord(given);
  const isName = typeof name === 'string' && name.length <= MAX_NAME_LENGTH && args.length <= 3;
  const type = isName ? parseTypeString(name) : undefined;
  if (!type) throw fail(`expected the name of a known dtype, got ${show(name)}`, { dtype: name });
  return new NumpyDType(type, { awaitsState: true });
}

/** Returns a value; bytes, which pickles of Python 2 may have in place of a str, as a string. */
function decodeWord(value: unknown): unknown {
  return value instanceof Uint8Array ? latin1(value) : value;
}

/** Does what dtype.__setstate__ does. Returns the state. */
export function readDTypeState(dtype: NumpyDType, state: unknown, context: ReadContext): PyTuple {
  const { fail } = context;
  if (!(state instanceof PyTuple) || state.length < 5 || state.length > 9) {
    throw fail('expected the state of a dtype: a tuple of 5 to 9 items');
  }
  const { version, order, subarray, names, fields, size, alignment, flags, metadata } = stateParts(state, fail);
  const mark = decodeWord(order);
  if (mark !== '<' && mark !== '>' && mark !== '|' && mark !== '=') {
    throw fail(`expected a byte order, got ${show(mark)}`);
  }
  if (!isInt(alignment) || (version > 2 && !isInt(flags))) throw fail("expected a dtype's alignment and flags");
  const itemsize = size === -1 ? dtype.itemsize : checkSize(size, fail);
  const extentSum = new ExtentSum();
  let type: DType;
  if (subarray !== null) type = readSubarray(subarray, itemsize, extentSum, fail);
  else if (names !== null || fields !== null) {
    type = structOf(readFields(names, fields, itemsize, extentSum, context), itemsize);
  } else {
    type = readSimple(dtype.type, { itemsize, byteOrder: mark === '>' || mark === '<' ? mark : NATIVE_ORDER });
    if (type.unit) type = { ...type, unit: readUnit(metadata, fail) };
  }
  const { extent } = extentSum;
  if (extent.fields > MAX_FIELDS || extent.depth > MAX_DEPTH) {
    throw fail(`a dtype of ${extent.fields} fields, nested ${extent.depth} deep, is too large`);
  }
  if (version > 2 && !areFlagsOf(type, Number(flags))) throw fail(`the flags ${flags} do not belong to the dtype`);
  if (!dtype.build(type, extent)) throw fail('the dtype has a state already, or is in use');
  return state;
}

/** Returns the parts of a state of any version. */
function stateParts(state: PyTuple, fail: Fail): StateParts {
  const [version, order, subarray, ...rest] = state.length === 5 ? [0, ...state] : state;
  const known = version === 0 || version === 1 || version === 2 || version === 3 || version === 4;
  if (!known) throw fail(`expected a dtype's state of version 0 to 4, got ${show(version)}`);
  const [given, fields, size, alignment, flags, metadata] = state.length > 6 ? rest : [undefined, ...rest];
  // Before version 2 the names are a list in the dict of fields.
  const listed: unknown = version < 2 && fields instanceof Map ? fields.get(-1) : undefined;
  const early = Array.isArray(listed) ? tupleOf(listed) : null;
  const names = version < 2 ? early : (given ?? null);
  return { version, order, subarray, names, fields, size, alignment, flags, metadata };
}

interface StateParts extends Readonly<Record<'order' | 'subarray' | 'names' | 'fields', unknown>> {
  readonly version: number;
  readonly size: unknown;
  readonly alignment: unknown;
  readonly flags: unknown;
  readonly metadata: unknown;
}

function readSimple(named: DType, { itemsize, byteOrder }: { itemsize: number; byteOrder: '<' | '>' }): DType {
  const isSized = named.name === 'bytes' || named.name === 'str' || named.name === 'void';
  const type = isSized ? dtypeSized(named.name, { itemsize }) : named;
  return { ...type, byteOrder: type.byteOrder === '|' ? '|' : byteOrder };
}

/** Adds up the extent of a dtype from those of its parts. */
class ExtentSum {
  #fields = 1;
  #depth = 1;

  add({ extent }: NumpyDType): void {
    this.#fields += extent.fields;
    this.#depth = Math.max(this.#depth, extent.depth + 1);
  }

  get extent(): Extent {
    return { fields: this.#fields, depth: this.#depth };
  }
}

/** Returns a size in bytes, or along an axis. @throws NpyError NPY_PICKLE for other values */
function checkSize(value: unknown, fail: Fail): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ITEMSIZE) return value;
  throw fail(`expected the size of a dtype, got ${show(value)}`);
}

function readUnit(metadata: unknown, fail: Fail): TimeUnit {
  const given = metadata instanceof PyTuple ? metadata[1] : undefined;
  const [name, count, divisor] = given instanceof PyTuple ? given : [];
  const text = name instanceof Uint8Array && name.length < MAX_NAME_LENGTH ? latin1(name) : name;
  const fits = typeof text === 'string' && text.length < MAX_NAME_LENGTH && typeof count === 'number' && divisor === 1;
  const unit = fits && count >= 1 ? parseTimeUnit(`[${count}${text}]`) : undefined;
  if (!unit) throw fail('expected the unit of a datetime64 or timedelta64');
  return unit;
}

function readSubarray(subarray: unknown, itemsize: number, extentSum: ExtentSum, fail: Fail): DType {
  const [base, dimensions] = subarray instanceof PyTuple ? subarray : [];
  const shape: unknown = isInt(dimensions) ? [dimensions] : dimensions;
  if (!(base instanceof NumpyDType) || base.strings || !Array.isArray(shape)) {
    throw fail('expected a subarray: a dtype and a shape');
  }
  extentSum.add(base.seal());
  const lengths = Array.from(shape, (length: unknown) => checkSize(length, fail));
  const type = subarrayOf(base.type, lengths);
  if (type.itemsize !== itemsize) throw fail(`the subarray has ${type.itemsize} bytes, the itemsize is ${itemsize}`);
  return type;
}

function readFields(
  names: unknown,
  fields: unknown,
  itemsize: number,
  extentSum: ExtentSum,
  { fail, charge }: ReadContext,
): Field[] {
  if (!(names instanceof PyTuple) || !(fields instanceof Map)) throw fail('expected the names and fields of a dtype');
  charge(names.length);
  // Equal bytes are one key in Python, but not in a Map.
  const areBytes = names.some((name) => name instanceof Uint8Array);
  if (areBytes) charge(fields.size);
  const byName = areBytes ? new Map(Array.from(fields, ([key, value]) => [decodeWord(key), value])) : fields;
  return Array.from(names, (given) => {
    const name = decodeWord(given);
    // A Map compares a long name character by character.
    if (typeof name === 'string' && name.length > MAX_SEEDED_LENGTH) charge(name.length);
    const field: unknown = byName.get(name);
    const [dtype, offset, label] = field instanceof PyTuple ? field : [];
    const title = decodeWord(label);
    if (typeof name !== 'string' || !(dtype instanceof NumpyDType) || dtype.strings) {
      throw fail(`there is no field ${show(name)}`);
    }
    extentSum.add(dtype.seal());
    const start = checkSize(offset, fail);
    if (start + dtype.itemsize > itemsize) throw fail(`the field ${show(name)} reaches beyond its dtype`);
    return { name, type: dtype.type, offset: start, ...(typeof title === 'string' ? { title } : {}) };
  });
}

/** Does what `numpy._core._internal._convert_to_stringdtype_kwargs(coerce[, na_object])` does. */
export function readStringDType(args: PyTuple, { fail }: ReadContext): NumpyDType {
  const [coerce, missing] = args;
  if (args.length < 1 || args.length > 2 || (typeof coerce !== 'boolean' && coerce !== 0 && coerce !== 1)) {
    throw fail('expected the arguments of a StringDType');
  }
  if (!isMissing(missing)) {
    throw fail(`expected a str, a number or None for missing strings, got ${kindOf(missing)}`);
  }
  const strings = { coerce: Boolean(coerce), ...(args.length === 2 ? { na_object: missing } : {}) };
  return new NumpyDType(objectType, { strings });
}

function show(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? quoted(value) : kindOf(value);
}
