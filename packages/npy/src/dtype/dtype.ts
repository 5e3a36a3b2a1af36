// The dtypes of this package: their names, which are NumPy's, and what a layout needs to know of each.
// Which store holds which dtype is told in stores/store-table.ts; how a header spells one in descr.ts.
import { NpyError, type NpyFault } from '../errors.ts';
import { NATIVE_ORDER } from '../memory/byte-order.ts';
import { quoted } from '../text/quoted.ts';
import { checkAxes } from './axes.ts';
import type { TimeUnit } from './time-unit.ts';

/** One character in front of a dtype's spelling: little-endian, big-endian, or neither matters. */
export type ByteOrder = '<' | '>' | '|';

/** NumPy's one-letter kinds. */
export type Kind = 'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'U' | 'M' | 'm' | 'V' | 'O';

/** What is fixed about a dtype of fixed size: NumPy's kind, the bytes of an element, the bytes swapped as one. */
export interface Fixed {
  readonly kind: Kind;
  readonly itemsize: number;
  readonly wordBytes: number;
}

/**
 * The name of a dtype of fixed size, as NumPy prints it. The last nine are those of the ml_dtypes package, of which files
 * say only how many bytes an element has.
 */
export type FixedDTypeName =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float16'
  | 'float32'
  | 'float64'
  | 'longdouble'
  | 'complex64'
  | 'complex128'
  | 'clongdouble'
  | 'bfloat16'
  | 'float8_e3m4'
  | 'float8_e4m3'
  | 'float8_e4m3b11fnuz'
  | 'float8_e4m3fn'
  | 'float8_e4m3fnuz'
  | 'float8_e5m2'
  | 'float8_e5m2fnuz'
  | 'float8_e8m0fnu';

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

/** Dtypes that a name alone does not give: a width, a unit, fields or a pickle belongs to them. */
export type SizedDTypeName = 'bytes' | 'str' | 'datetime64' | 'timedelta64' | 'void' | 'struct' | 'object';

/** The name of a dtype. `struct` are structured dtypes, `object` everything that is saved as a pickle. */
export type DTypeName = FixedDTypeName | SizedDTypeName;

/** Itemsize and kind of the dtypes whose itemsize their descr gives; 0 where it does. */
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

/** A dtype with all that a descr says of it. */
export interface DType extends Fixed {
  readonly name: DTypeName;
  readonly byteOrder: ByteOrder;
  /** Of `datetime64` and `timedelta64`. */
  readonly unit?: TimeUnit;
  /** Of structured dtypes, in the order of their offsets. */
  readonly fields?: readonly Field[];
  /** Of a field that is an array in itself. Such a dtype is only ever that of a field. */
  readonly subarray?: { readonly type: DType; readonly shape: readonly number[] };
  /** The axes of the field that has most, arrays in arrays and in structures added up. Without fields that are arrays, none. */
  readonly axes?: number;
}

/** The fixed dtype of that name, in the byte order given; one-byte dtypes have none. */
export function dtypeNamed(name: FixedDTypeName, byteOrder: '<' | '>' = NATIVE_ORDER): DType {
  const type = fixedTypes[name];
  return { name, ...type, byteOrder: type.itemsize === 1 ? '|' : byteOrder };
}

/** A dtype of a size, or of a unit. `itemsize` in bytes. */
export function dtypeSized(
  name: 'bytes' | 'str' | 'void' | 'datetime64' | 'timedelta64',
  { itemsize, unit, byteOrder = NATIVE_ORDER }: { itemsize?: number; unit?: TimeUnit; byteOrder?: '<' | '>' },
): DType {
  const type = sizedTypes[name];
  const order = type.wordBytes === 1 ? '|' : byteOrder;
  return { name, ...type, itemsize: itemsize ?? type.itemsize, byteOrder: order, ...(unit && { unit }) };
}

/** A structured dtype. One with an object in it is saved as a pickle. */
export function structOf(fields: readonly Field[], itemsize: number): DType {
  const name = fields.some(({ type }) => type.name === 'object') ? 'object' : 'struct';
  const axes = fields.reduce((most, { type }) => Math.max(most, type.axes ?? 0), 0);
  return { name, ...sizedTypes.struct, itemsize, byteOrder: '|', fields, ...(axes > 0 && { axes }) };
}

/** An array of `shape` as one element. @throws NpyError NPY_SHAPE for more than 64 axes, those of its elements included */
export function subarrayOf(type: DType, shape: readonly number[], fault: NpyFault = 'data'): DType {
  checkAxes(shape.length, type.axes, fault);
  const axes = shape.length + (type.axes ?? 0);
  const itemsize = shape.reduce((bytes, n) => bytes * n, type.itemsize);
  const name = type.name === 'object' ? 'object' : 'void';
  return { name, ...sizedTypes.void, itemsize, byteOrder: '|', subarray: { type, shape }, axes };
}

/** The object dtype. */
export const objectType: DType = { name: 'object', ...sizedTypes.object, byteOrder: '|' };

/** Whether `text` is the name of a dtype of fixed size. */
export function isFixedName(text: string): text is FixedDTypeName {
  return Object.hasOwn(fixedTypes, text);
}

/** Whether `text` is the name of a dtype, such as `float32`. Takes any value. */
export function isDTypeName(text: unknown): text is DTypeName {
  return typeof text === 'string' && (isFixedName(text) || Object.hasOwn(sizedTypes, text));
}

/** The same dtype with every word in the machine's byte order: what an array in memory has. */
export function nativeType(type: DType): DType {
  if (type.fields) {
    return { ...type, fields: type.fields.map((field) => ({ ...field, type: nativeType(field.type) })) };
  }
  if (type.subarray) return { ...type, subarray: { ...type.subarray, type: nativeType(type.subarray.type) } };
  const byteOrder = type.wordBytes === 1 ? '|' : NATIVE_ORDER;
  return type.byteOrder === byteOrder ? type : { ...type, byteOrder };
}

/** Whether some word of an element is in the other byte order than the machine's. */
export function isForeign(type: DType): boolean {
  return type.fields || type.subarray ? someNumber(type, isSwapped) : isSwapped(type);
}

/** Whether a number of that dtype is in the other byte order than the machine's. */
export function isSwapped({ byteOrder }: DType): boolean {
  return byteOrder !== '|' && byteOrder !== NATIVE_ORDER;
}

/** Whether `wanted` holds for the dtype, or for one that it is made of, down to what has no parts. */
export function someNumber(type: DType, wanted: (type: DType) => boolean): boolean {
  if (type.subarray) return someNumber(type.subarray.type, wanted);
  return type.fields?.some((field) => someNumber(field.type, wanted)) ?? wanted(type);
}

/** `name`, which is to be the name of a dtype. @throws NpyError NPY_DESCR, the caller's fault, when it is none */
export function checkDTypeName(name: unknown): DTypeName {
  if (isDTypeName(name)) return name;
  const shown = typeof name === 'string' ? quoted(name) : typeof name;
  throw new NpyError('NPY_DESCR', `npy: ${shown} is not the name of a dtype`, { dtype: name }, { fault: 'caller' });
}
