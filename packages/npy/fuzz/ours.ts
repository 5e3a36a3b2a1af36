// The answer of this package to a case: an array, an NpyError, or a failure of the package.
import { type Descr, decode, isNpyError, type Limits, type NpyError, type NpyView, readHeader } from '../src/core.ts';
import type { TypedHeader } from '../src/header/read.ts';
import { MAX_VALUES, type Token, tokenAt, tokenOf } from './tokens.ts';

/** `broken`: an error other than an NpyError was thrown, or an NpyError with the wrong fault. */
export type Ours =
  | { readonly outcome: 'array'; readonly header: Header; readonly view: NpyView }
  | { readonly outcome: 'refused'; readonly error: NpyError }
  | { readonly outcome: 'broken'; readonly error: unknown };

export type Header = Omit<TypedHeader, 'type'>;

/** Reads a file. */
export function read(file: Uint8Array, limits: Partial<Limits> = {}): Ours {
  try {
    const header = readHeader(file, limits);
    const view = decode(file, { limits });
    return header
      ? { outcome: 'array', header: { ...header, descr: unmarked(header.descr) }, view }
      : { outcome: 'broken', error: new Error('an array without a header') };
  } catch (error) {
    if (!isNpyError(error)) return { outcome: 'broken', error };
    const fault = error.code === 'NPY_OBJECTS' ? 'caller' : 'data';
    return error.fault === fault ? { outcome: 'refused', error } : { outcome: 'broken', error };
  }
}

/** Returns the descr that NumPy has after reading. NumPy drops the byte order with which ml_dtypes marks raw bytes, as in `<V2`. */
function unmarked(descr: Descr): Descr {
  if (typeof descr === 'string') return descr.startsWith('<V') ? descr.replace('<', '|') : descr;
  const parts: readonly unknown[] = descr;
  return parts.map((part) => {
    if (!Array.isArray(part)) return part;
    const [label, base, ...shape] = part as unknown[];
    return typeof base === 'string' || Array.isArray(base) ? [label, unmarked(base as Descr), ...shape] : part;
  }) as unknown as Descr;
}

/** Returns the first elements of a view in C order, as text. */
export function valuesOf({ data, shape, stride, offset }: Omit<NpyView, 'dtype'>, descr: Descr): string[] {
  const token = tokenOf(descr);
  return positions(shape, stride, offset).map((position) => valueAt(data, position, token));
}

function valueAt(data: NpyView['data'], position: number, token: Token): string {
  return tokenAt(token, () => (ArrayBuffer.isView(data) ? data[position] : data.get(position)));
}

/** Returns the positions of the first elements, computed independently of the package, as `get` of an ndarray computes them. */
function positions(shape: readonly number[], stride: readonly number[], offset: number): number[] {
  const found: number[] = [];
  if (shape.includes(0)) return found;
  const index = shape.map(() => 0);
  while (found.length < MAX_VALUES) {
    found.push(index.reduce((at, i, axis) => at + i * (stride[axis] ?? 0), offset));
    let axis = shape.length - 1;
    while (axis >= 0 && index[axis] === (shape[axis] ?? 0) - 1) index[axis--] = 0;
    if (axis < 0) break;
    index[axis] = (index[axis] ?? 0) + 1;
  }
  return found;
}

/** NumPy's kind and itemsize of each dtype whose name determines both. */
const fixedKinds: Readonly<Record<string, string>> = Object.fromEntries(
  `bool:b1 int8:i1 int16:i2 int32:i4 int64:i8 uint8:u1 uint16:u2 uint32:u4 uint64:u8 float16:f2 float32:f4 float64:f8
  longdouble:f16 complex64:c8 complex128:c16 clongdouble:c32 datetime64:M8 timedelta64:m8`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
);

/** Returns NumPy's kind and itemsize of an array that was read, or undefined for structures, which are compared by their descr. */
export function numpyKind({ dtype, data }: NpyView): string | undefined {
  if (dtype === 'bytes' || dtype === 'void')
    return `${dtype === 'bytes' ? 'S' : 'V'}${(data as { itemsize: number }).itemsize}`;
  if (dtype === 'str') return `U${4 * (data as { width: number }).width}`;
  return dtype === 'struct' ? undefined : (fixedKinds[dtype] ?? dtype);
}
