// Reads and writes the descr of a header: a string, or a list of fields.
//   [('x', '<f4'), (('title', 'y'), '<i2', (2, 3)), ('', '|V4'), ('p', [('z', '|S3')])]
// A field without a name is a gap. As in NumPy, parseDescr reads many spellings of each dtype, and descrOf writes one.
// Source: descr_to_dtype and dtype_to_descr in numpy/lib/format.py.
import { NpyError, type NpyFault } from '../errors.ts';
import { itemsOf, type PythonLiteral } from '../python/literal.ts';
import { reprList, reprShape, reprString, reprTuple } from '../python/repr.ts';
import { printable, quoted } from '../text/quoted.ts';
import { type ByteOrder, type DType, type DTypeName, type Field, isFixedName, nativeType, structOf } from './dtype.ts';
import { MAX_ITEMSIZE, withShape } from './subarray.ts';
import { timeUnitText } from './time-unit.ts';
import { parseTypeString } from './type-string.ts';

/** A field: its name, or title and name; its dtype; its shape if its values are arrays. */
export type FieldDescr = readonly [
  name: string | readonly [title: string, name: string],
  descr: Descr,
  shape?: readonly number[],
];

/** The dtype of a field whose values are arrays of arrays: the inner array. */
export type SubarrayDescr = readonly [descr: Descr, shape: readonly number[]];

/** A dtype as a header spells it: `'<f4'`, or the fields of a structured one, `[['x', '<f4'], ['y', '<i2', [2, 3]]]`. */
export type Descr = string | readonly FieldDescr[] | SubarrayDescr;

/** The dtype of each kind and size, which NumPy writes behind the byte order. */
interface DTypeByCode {
  b1: 'bool';
  i1: 'int8';
  i2: 'int16';
  i4: 'int32';
  i8: 'int64';
  u1: 'uint8';
  u2: 'uint16';
  u4: 'uint32';
  u8: 'uint64';
  f2: 'float16';
  f4: 'float32';
  f8: 'float64';
  f16: 'longdouble';
  c8: 'complex64';
  c16: 'complex128';
  c32: 'clongdouble';
}

/** The dtype name that the compiler knows for a name or descr: a name itself, float32 for `'>f4'`, any name for other descrs. */
export type DTypeOfDescr<T extends DTypeName | Descr> = T extends DTypeName
  ? T
  : T extends `${ByteOrder}${infer C extends keyof DTypeByCode}`
    ? DTypeByCode[C]
    : DTypeName;

/**
 * Parses the value under `descr` in a header.
 * @param fault `caller` if the descr is a caller's and not a file's
 * @throws NpyError NPY_DESCR
 */
export function parseDescr(literal: PythonLiteral, fault: NpyFault = 'data'): DType {
  const type = dtypeOf(literal, fault);
  if (type.subarray) throw refuse(literal, 'is an array, which only a field can be', fault);
  return type;
}

function dtypeOf(literal: PythonLiteral, fault: NpyFault): DType {
  let type: DType | undefined;
  if (typeof literal === 'string') type = parseTypeString(literal);
  else if (typeof literal === 'object' && literal !== null) {
    if (literal.kind === 'tuple') {
      const [base, shape] = literal.items;
      if (base !== undefined && shape !== undefined) type = withShape(dtypeOf(base, fault), shape, fault);
    } else if (literal.kind === 'list') return structOfItems(literal.items, fault);
    // Python iterates over the keys of a dict.
    else if (literal.kind === 'dict') return structOfItems([...literal.entries.keys()], fault);
  }
  if (type) return type;
  const isShort = typeof literal === 'string' && isFixedName(literal);
  throw refuse(literal, isShort ? `needs the option { dtype: '${literal}' }` : 'is not a known dtype', fault);
}

function structOfItems(items: readonly PythonLiteral[], fault: NpyFault): DType {
  const fields: Field[] = [];
  const taken = new Set<string>();
  let offset = 0;
  for (const item of items) {
    const { name, type } = fieldOf(item, fault);
    const gap = name === '' && type.kind === 'V' && !type.fields;
    if (!gap) fields.push({ ...labelOf(name, taken, fault), type, offset });
    offset += type.itemsize;
  }
  if (offset > MAX_ITEMSIZE) throw refuse('a structure', `of ${offset} bytes is too large for an element`, fault);
  return structOf(fields, offset);
}

function fieldOf(item: PythonLiteral, fault: NpyFault): { name: PythonLiteral; type: DType } {
  const [name, descr, shape, ...more] = partsOf(item);
  if (name === undefined || descr === undefined || more.length > 0) {
    throw refuse(item, 'is not a field: expected a name, a dtype and optionally a shape', fault);
  }
  const type = dtypeOf(descr, fault);
  if (shape === undefined) return { name, type };
  const shaped = withShape(type, shape, fault);
  if (!shaped) throw refuse(shape, 'is not a shape that a field can have', fault);
  return { name, type: shaped };
}

/** Returns the parts of a field. Python unpacks a string of two characters like a tuple of two. */
function partsOf(item: PythonLiteral): readonly PythonLiteral[] {
  return typeof item === 'string' ? [...item] : (itemsOf(item) ?? []);
}

function labelOf(label: PythonLiteral, taken: Set<string>, fault: NpyFault): Pick<Field, 'name' | 'title'> {
  const pair =
    typeof label === 'object' && label?.kind === 'tuple' && label.items.length === 2 ? label.items : undefined;
  const [title, name] = pair ?? [null, label];
  if (typeof name !== 'string' || (typeof title !== 'string' && title !== null)) {
    throw refuse(label, 'is not the name of a field', fault);
  }
  for (const word of title === null ? [name] : [name, title]) {
    if (taken.has(word)) throw refuse(word, 'names two fields', fault);
    taken.add(word);
  }
  return title === null ? { name } : { name, title: title as string };
}

/** Returns the descr that NumPy writes for a dtype. */
export function descrOf(type: DType): Descr {
  const { name, kind, itemsize, byteOrder, unit, fields, subarray } = type;
  if (subarray) return [descrOf(subarray.type), subarray.shape];
  if (fields) return fieldDescrs(fields, itemsize);
  if (kind === 'O') return '|O';
  if (unit) return `${byteOrder}${kind}8${timeUnitText(unit)}`;
  if (name === 'float8_e5m2') return '<f1';
  if (kind === 'V') return `${name === 'void' ? byteOrder : '<'}V${itemsize}`;
  return byteOrder + kind + (kind === 'U' ? itemsize / 4 : itemsize);
}

function fieldDescrs(fields: readonly Field[], itemsize: number): FieldDescr[] {
  const descrs: FieldDescr[] = [];
  let end = 0;
  for (const { name, title, type, offset } of fields) {
    if (offset > end) descrs.push(['', `|V${offset - end}`]);
    const label = title === undefined ? name : ([title, name] as const);
    const { subarray } = type;
    descrs.push(subarray ? [label, descrOf(subarray.type), subarray.shape] : [label, descrOf(type)]);
    end = offset + type.itemsize;
  }
  if (itemsize > end) descrs.push(['', `|V${itemsize - end}`]);
  return descrs;
}

/** Returns whether elements of both dtypes are the same bytes, apart from byte order. Titles do not count: they are second names. */
export function isSameLayout(a: DType, b: DType): boolean {
  if (a === b || a.name !== b.name || isFixedName(a.name)) return a.name === b.name;
  const [left, right] = [a, b].map((type) =>
    JSON.stringify(nativeType(type), (key, value: unknown) => (key === 'title' ? undefined : value)),
  );
  return left === right;
}

/** Returns `repr(descr)`. */
export function reprDescr(descr: Descr): string {
  // A descr that is a string has only letters, digits and marks, which need no escapes.
  if (typeof descr === 'string') return `'${descr}'`;
  if (isSubarray(descr)) return reprTuple([reprDescr(descr[0]), reprShape(descr[1])]);
  return reprList(
    descr.map(([label, base, shape]) => {
      const name = typeof label === 'string' ? reprString(label) : reprTuple(label.map(reprString));
      return reprTuple([name, reprDescr(base), ...(shape === undefined ? [] : [reprShape(shape)])]);
    }),
  );
}

function isSubarray(descr: Exclude<Descr, string>): descr is SubarrayDescr {
  const [, shape] = descr;
  return descr.length === 2 && Array.isArray(shape) && shape.every((size) => typeof size === 'number');
}

/** Returns an NpyError NPY_DESCR. @param why follows `descr … ` in the message */
export function refuse(what: unknown, why: string, fault: NpyFault): NpyError {
  return new NpyError('NPY_DESCR', `npy: descr ${show(what)} ${why}`, { descr: what }, { fault });
}

/** Returns a descr as a message shows it: as Python prints it, cut if it is long. */
export function showDescr(descr: Descr): string {
  const text = typeof descr === 'string' ? descr : reprDescr(descr);
  return printable(text, 80);
}

function show(literal: unknown): string {
  if (typeof literal === 'string') return quoted(literal);
  if (literal === null || literal === undefined) return 'None';
  if (typeof literal === 'object') return 'of several parts';
  return typeof literal === 'function' || typeof literal === 'symbol' ? typeof literal : String(literal).slice(0, 80);
}
