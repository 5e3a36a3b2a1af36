// The dtypes of this package: kind, sizes, byte order and parts of each. Their names are in types/dtype-name.ts.
// stores/store-table.ts says which store holds which dtype, descr.ts how a header spells one.
import { NpyError, type NpyFault } from '../errors.ts';
import { NATIVE_ORDER } from '../memory/byte-order.ts';
import { quoted } from '../text/quoted.ts';
import type { DTypeName, FixedDTypeName, SizedDTypeName } from '../types/dtype-name.ts';
import { checkAxes } from './axes.ts';
import type { TimeUnit } from './time-unit.ts';

export type { DTypeName, FixedDTypeName, SizedDTypeName } from '../types/dtype-name.ts';

/** The first character of a dtype's spelling: little-endian, big-endian, or not applicable. */
export type ByteOrder = '<' | '>' | '|';

/** NumPy's one-letter kinds. */
export type Kind = 'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'U' | 'M' | 'm' | 'V' | 'O';

/** The kind of a dtype, the bytes of an element, and the bytes of a word, which a change of byte order reverses. */
export interface Fixed {
  readonly kind: Kind;
  readonly itemsize: number;
  readonly wordBytes: number;
}

const fixed = (kind: Kind, itemsize: number, wordBytes = itemsize): Fixed => ({ kind, itemsize, wordBytes });

export const fixedTypes: Readonly<Record<FixedDTypeName, Fixed>> = {
  bool: fixed('b', 1),
  int8: fixed('i', 1),
  int16: fixed('i', 2),
  int32: fixed('i', 4),
  int64: fixed('i', 8),
  uint8: fixed('u', 1),
  uint16: fixed('u', 2),
  uint32: fixed('u', 4),
  uint64: fixed('u', 8),
  float16: fixed('f', 2),
  float32: fixed('f', 4),
  float64: fixed('f', 8),
  longdouble: fixed('f', 16),
  complex64: fixed('c', 8, 4),
  complex128: fixed('c', 16, 8),
  clongdouble: fixed('c', 32, 16),
  bfloat16: fixed('V', 2),
  float8_e3m4: fixed('V', 1),
  float8_e4m3: fixed('V', 1),
  float8_e4m3b11fnuz: fixed('V', 1),
  float8_e4m3fn: fixed('V', 1),
  float8_e4m3fnuz: fixed('V', 1),
  float8_e5m2: fixed('V', 1),
  float8_e5m2fnuz: fixed('V', 1),
  float8_e8m0fnu: fixed('V', 1),
};

/** Kind, itemsize and word size of the dtypes with a width, a unit, fields or a pickle. The itemsize is 0 if the descr gives it. */
const sizedTypes: Readonly<Record<SizedDTypeName, Fixed>> = {
  bytes: fixed('S', 0, 1),
  str: fixed('U', 0, 4),
  datetime64: fixed('M', 8),
  timedelta64: fixed('m', 8),
  void: fixed('V', 0, 1),
  struct: fixed('V', 0, 1),
  object: fixed('O', 8, 1),
};

/** One field of a structured dtype. */
export interface Field {
  readonly name: string;
  readonly title?: string;
  readonly type: DType;
  /** Bytes from the start of the element. */
  readonly offset: number;
}

/** A dtype: everything that a descr says. */
export interface DType extends Fixed {
  readonly name: DTypeName;
  readonly byteOrder: ByteOrder;
  /** The unit of `datetime64` and `timedelta64`. */
  readonly unit?: TimeUnit;
  /** The fields of a structured dtype, in the order of their offsets. */
  readonly fields?: readonly Field[];
  /** The item dtype and shape of a field whose values are arrays. Only a field has such a dtype. */
  readonly subarray?: { readonly type: DType; readonly shape: readonly number[] };
  /** The largest number of axes that a field has, nested arrays included. Undefined if no field is an array. */
  readonly axes?: number;
}

/** Returns the dtype of fixed size with that name, in a byte order. One-byte dtypes have no byte order. */
export function dtypeNamed(name: FixedDTypeName, byteOrder: '<' | '>' = NATIVE_ORDER): DType {
  const type = fixedTypes[name];
  return { name, ...type, byteOrder: type.itemsize === 1 ? '|' : byteOrder };
}

/** Returns a dtype with an itemsize, in bytes, or with a unit. */
export function dtypeSized(
  name: 'bytes' | 'str' | 'void' | 'datetime64' | 'timedelta64',
  { itemsize, unit, byteOrder = NATIVE_ORDER }: { itemsize?: number; unit?: TimeUnit; byteOrder?: '<' | '>' },
): DType {
  const type = sizedTypes[name];
  const order = type.wordBytes === 1 ? '|' : byteOrder;
  return { name, ...type, itemsize: itemsize ?? type.itemsize, byteOrder: order, ...(unit && { unit }) };
}

/** Returns a structured dtype. Its name is `object` if it contains objects, since it is then saved as a pickle. */
export function structOf(fields: readonly Field[], itemsize: number): DType {
  const name = fields.some(({ type }) => type.name === 'object') ? 'object' : 'struct';
  const axes = fields.reduce((most, { type }) => Math.max(most, type.axes ?? 0), 0);
  return { name, ...sizedTypes.struct, itemsize, byteOrder: '|', fields, ...(axes > 0 && { axes }) };
}

/** Returns the dtype of elements that are arrays of `shape`. @throws NpyError NPY_SHAPE for more than 64 axes, nested ones included */
export function subarrayOf(type: DType, shape: readonly number[], fault: NpyFault = 'data'): DType {
  checkAxes(shape.length, type.axes, fault);
  const axes = shape.length + (type.axes ?? 0);
  const itemsize = shape.reduce((bytes, n) => bytes * n, type.itemsize);
  const name = type.name === 'object' ? 'object' : 'void';
  return { name, ...sizedTypes.void, itemsize, byteOrder: '|', subarray: { type, shape }, axes };
}

/** The object dtype. */
export const objectType: DType = { name: 'object', ...sizedTypes.object, byteOrder: '|' };

/** Returns whether a string is the name of a dtype of fixed size. */
export function isFixedName(text: string): text is FixedDTypeName {
  return Object.hasOwn(fixedTypes, text);
}

/** Returns whether a value is the name of a dtype, such as `float32`. */
export function isDTypeName(text: unknown): text is DTypeName {
  return typeof text === 'string' && (isFixedName(text) || Object.hasOwn(sizedTypes, text));
}

/** Returns the same dtype in the machine's byte order, which arrays in memory have. */
export function nativeType(type: DType): DType {
  if (type.fields) {
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: nativeType(field.type) })) };
  }
  if (type.subarray) return { ...type, subarray: { ...type.subarray, type: nativeType(type.subarray.type) } };
  const byteOrder = type.wordBytes === 1 ? '|' : NATIVE_ORDER;
  return type.byteOrder === byteOrder ? type : { ...type, byteOrder };
}

/** Returns whether any word of an element has the other byte order than this machine. */
export function isForeign(type: DType): boolean {
  return type.fields || type.subarray ? someLeaf(type, isSwapped) : isSwapped(type);
}

/** Returns whether a dtype without parts has the other byte order than this machine. */
export function isSwapped({ byteOrder }: DType): boolean {
  return byteOrder !== '|' && byteOrder !== NATIVE_ORDER;
}

/** Returns whether `matches` is true for a dtype without parts: `type` itself, or one that it is made of. */
export function someLeaf(type: DType, matches: (type: DType) => boolean): boolean {
  if (type.subarray) return someLeaf(type.subarray.type, matches);
  return type.fields?.some((field) => someLeaf(field.type, matches)) ?? matches(type);
}

/** Returns `name` if it is the name of a dtype. @throws NpyError NPY_DESCR, the caller's fault, if it is not */
export function checkDTypeName(name: unknown): DTypeName {
  if (isDTypeName(name)) return name;
  const shown = typeof name === 'string' ? quoted(name) : typeof name;
  throw new NpyError('NPY_DESCR', `npy: ${shown} is not the name of a dtype`, { dtype: name }, { fault: 'caller' });
}
