// The dtypes of this package: their names, which are NumPy's, and what a layout needs to know of each.
// Which store holds which dtype is told in stores/table.ts; how a header spells one in descr.ts.
import { NpyError } from '../errors.ts';

/** One character in front of a dtype's spelling: little-endian, big-endian, or neither matters. */
export type ByteOrder = '<' | '>' | '|';

/** What is fixed about a dtype of fixed size: NumPy's kind, the bytes of an element, the bytes swapped as one. */
export interface Fixed {
  readonly kind: 'b' | 'i' | 'u' | 'f' | 'c';
  readonly itemsize: number;
  readonly wordBytes: number;
}

/** The name of a dtype, as NumPy prints it. */
export type DTypeName =
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
  | 'complex64'
  | 'complex128';

export const fixedTypes: Readonly<Record<DTypeName, Fixed>> = {
  bool: { kind: 'b', itemsize: 1, wordBytes: 1 },
  int8: { kind: 'i', itemsize: 1, wordBytes: 1 },
  int16: { kind: 'i', itemsize: 2, wordBytes: 2 },
  int32: { kind: 'i', itemsize: 4, wordBytes: 4 },
  int64: { kind: 'i', itemsize: 8, wordBytes: 8 },
  uint8: { kind: 'u', itemsize: 1, wordBytes: 1 },
  uint16: { kind: 'u', itemsize: 2, wordBytes: 2 },
  uint32: { kind: 'u', itemsize: 4, wordBytes: 4 },
  uint64: { kind: 'u', itemsize: 8, wordBytes: 8 },
  float16: { kind: 'f', itemsize: 2, wordBytes: 2 },
  float32: { kind: 'f', itemsize: 4, wordBytes: 4 },
  float64: { kind: 'f', itemsize: 8, wordBytes: 8 },
  complex64: { kind: 'c', itemsize: 8, wordBytes: 4 },
  complex128: { kind: 'c', itemsize: 16, wordBytes: 8 },
};

/** A dtype with its byte order. */
export interface DType extends Fixed {
  readonly name: DTypeName;
  readonly byteOrder: ByteOrder;
}

/** The dtype of that name, in the byte order given; one-byte dtypes have none. */
export function dtypeNamed(name: DTypeName, byteOrder: '<' | '>'): DType {
  const fixed = fixedTypes[name];
  return { name, ...fixed, byteOrder: fixed.itemsize === 1 ? '|' : byteOrder };
}

/** Whether `text` is the name of a dtype. */
export function isDTypeName(text: string): text is DTypeName {
  return Object.hasOwn(fixedTypes, text);
}

/** `name`, which is to be the name of a dtype. @throws NpyError NPY_DESCR, the caller's fault, when it is none */
export function checkDTypeName(name: unknown): DTypeName {
  if (typeof name === 'string' && isDTypeName(name)) return name;
  const shown = typeof name === 'string' ? JSON.stringify(name.slice(0, 80)) : typeof name;
  throw new NpyError('NPY_DESCR', `npy: ${shown} is not the name of a dtype`, { dtype: name }, { fault: 'caller' });
}
