// How a dtype is read that a pickle spells: numpy.dtype('V12', False, True), and then its state,
//   (3, '<', subarray, names, fields, itemsize, alignment, flags)           4 and metadata behind it where there is one
// of which itemsize and alignment are -1 where the name says them. Older states have less in front or behind, and the names
// among the fields. StringDType: a function and (coerce[, na_object]).
import { type DType, dtypeSized, type Field, objectType, structOf, subarrayOf } from '../../dtype/dtype.ts';
import { MAX_ITEMSIZE } from '../../dtype/subarray.ts';
import { parseTimeUnit, type TimeUnit } from '../../dtype/time-unit.ts';
import { parseTypeString } from '../../dtype/type-string.ts';
import { NATIVE_ORDER } from '../../memory/byte-order.ts';
import { latin1 } from '../../text/latin1.ts';
import { quoted } from '../../text/quoted.ts';
import { LONG_TEXT } from '../hash-flooding/engine-hash.ts';
import { type Fail, kindOf, type ReadContext } from '../pickle-error.ts';
import { PyGlobal, PyTuple, tupleOf } from '../values/builtins.ts';
import { isInt } from '../values/numeric-values.ts';
import { areFlagsOf } from './dtype-flags.ts';
import { type Extent, isMissing, NumpyDType } from './numpy-dtype.ts';

/** How deep, and to how many fields in all, a structured dtype may be nested. */
const MAX_FIELDS = 100_000;
const MAX_DEPTH = 64;
/** Longer than any name that NumPy pickles: a letter and a number. */
const MAX_NAME = 16;

/** numpy.dtype(name, align, copy). */
export function readDType(args: PyTuple, { fail }: ReadContext): NumpyDType {
  const [given] = args;
  // The dtype of records is that of any structure but for the class of its scalars.
  const isRecord = given instanceof PyGlobal && given.name === 'record';
  const name = isRecord ? 'V0' : wordOf(given);
  const isName = typeof name === 'string' && name.length <= MAX_NAME && args.length <= 3;
  const type = isName ? parseTypeString(name) : undefined;
  if (!type) throw fail(`expected the name of a dtype known here, got ${show(name)}`, { dtype: name });
  return new NumpyDType(type, { awaitsState: true });
}

/** A word, which in a pickle of Python 2 may be read as bytes. */
function wordOf(value: unknown): unknown {
  return value instanceof Uint8Array ? latin1(value) : value;
}

/** dtype.__setstate__. @returns the state */
export function readDTypeState(dtype: NumpyDType, state: unknown, context: ReadContext): PyTuple {
  const { fail } = context;
  if (!(state instanceof PyTuple) || state.length < 5 || state.length > 9) {
    throw fail('expected the state of a dtype: a tuple of 5 to 9');
  }
  const { version, order, subarray, names, fields, size, alignment, flags, metadata } = partsOf(state, fail);
  const mark = wordOf(order);
  if (mark !== '<' && mark !== '>' && mark !== '|' && mark !== '=') {
    throw fail(`expected a byte order, got ${show(mark)}`);
  }
  if (!isInt(alignment) || (version > 2 && !isInt(flags))) throw fail("expected a dtype's alignment and flags");
  const itemsize = size === -1 ? dtype.itemsize : sizeOf(size, fail);
  const tally = new Tally();
  let type: DType;
  if (subarray !== null) type = readSubarray(subarray, itemsize, tally, fail);
  else if (names !== null || fields !== null) {
    type = structOf(readFields(names, fields, itemsize, tally, context), itemsize);
  } else {
    type = readSimple(dtype.type, { itemsize, byteOrder: mark === '>' || mark === '<' ? mark : NATIVE_ORDER });
    if (type.unit) type = { ...type, unit: readUnit(metadata, fail) };
  }
  const { extent } = tally;
  if (extent.fields > MAX_FIELDS || extent.depth > MAX_DEPTH) {
    throw fail(`a dtype of ${extent.fields} fields, ${extent.depth} deep, is more than is read here`);
  }
  if (version > 2 && !areFlagsOf(type, Number(flags))) throw fail(`the flags ${flags} are another dtype's`);
  if (!dtype.build(type, extent)) throw fail('a dtype is given its state late, or twice');
  return state;
}

/** A state of any version. */
function partsOf(state: PyTuple, fail: Fail): StateParts {
  const [version, order, subarray, ...rest] = state.length === 5 ? [0, ...state] : state;
  const known = version === 0 || version === 1 || version === 2 || version === 3 || version === 4;
  if (!known) throw fail(`expected a dtype's state of version 0 to 4, got ${show(version)}`);
  const [given, fields, size, alignment, flags, metadata] = state.length > 6 ? rest : [undefined, ...rest];
  // Before version 2 the names are a list among the fields.
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
class Tally {
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

/** A size in bytes, or along an axis. */
function sizeOf(value: unknown, fail: Fail): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ITEMSIZE) return value;
  throw fail(`expected the size of a dtype, got ${show(value)}`);
}

function readUnit(metadata: unknown, fail: Fail): TimeUnit {
  const given = metadata instanceof PyTuple ? metadata[1] : undefined;
  const [name, count, divisor] = given instanceof PyTuple ? given : [];
  const text = name instanceof Uint8Array && name.length < MAX_NAME ? latin1(name) : name;
  const fits = typeof text === 'string' && text.length < MAX_NAME && typeof count === 'number' && divisor === 1;
  const unit = fits && count >= 1 ? parseTimeUnit(`[${count}${text}]`) : undefined;
  if (!unit) throw fail('expected the unit of a datetime64 or timedelta64');
  return unit;
}

function readSubarray(subarray: unknown, itemsize: number, tally: Tally, fail: Fail): DType {
  const [base, dimensions] = subarray instanceof PyTuple ? subarray : [];
  const shape: unknown = isInt(dimensions) ? [dimensions] : dimensions;
  if (!(base instanceof NumpyDType) || base.strings || !Array.isArray(shape)) {
    throw fail('expected a subarray');
  }
  tally.add(base.seal());
  const lengths = Array.from(shape, (length: unknown) => sizeOf(length, fail));
  const type = subarrayOf(base.type, lengths);
  if (type.itemsize !== itemsize) throw fail(`a subarray of ${type.itemsize} bytes in a dtype of ${itemsize}`);
  return type;
}

function readFields(
  names: unknown,
  fields: unknown,
  itemsize: number,
  tally: Tally,
  { fail, charge }: ReadContext,
): Field[] {
  if (!(names instanceof PyTuple) || !(fields instanceof Map)) throw fail('expected the names and fields of a dtype');
  charge(names.length);
  // Equal bytes are one key in Python.
  const areBytes = names.some((name) => name instanceof Uint8Array);
  if (areBytes) charge(fields.size);
  const byName = areBytes ? new Map(Array.from(fields, ([key, value]) => [wordOf(key), value])) : fields;
  return Array.from(names, (given) => {
    const name = wordOf(given);
    // What a long key is looked up by is as much work as it is long.
    if (typeof name === 'string' && name.length > LONG_TEXT) charge(name.length);
    const field: unknown = byName.get(name);
    const [dtype, offset, label] = field instanceof PyTuple ? field : [];
    const title = wordOf(label);
    if (typeof name !== 'string' || !(dtype instanceof NumpyDType) || dtype.strings) {
      throw fail(`expected a field, got none for ${show(name)}`);
    }
    tally.add(dtype.seal());
    const start = sizeOf(offset, fail);
    if (start + dtype.itemsize > itemsize) throw fail(`the field ${show(name)} ends behind its dtype`);
    return { name, type: dtype.type, offset: start, ...(typeof title === 'string' ? { title } : {}) };
  });
}

/** `numpy._core._internal._convert_to_stringdtype_kwargs(coerce[, na_object])`. */
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
