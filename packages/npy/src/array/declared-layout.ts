// Finds the layout of other libraries' arrays, which have a typed array in `data`. Their properties for shape, order and strides are
// understood, or refused by name. None is ignored, because the elements would then be read in another order.
//   npyjs, numpy-parser                  shape, fortranOrder, fortran_order
//   @stdlib/ndarray, numpy-ts, Pyodide   shape, strides, order: 'column-major', offset; strides and offset count elements
//   onnxruntime                          dims, type
//   ImageData, sharp, pngjs              width, height, info: refused, since the number of channels is not known

import { isNear, shown } from '../arguments/options.ts';
import { type DType, isDTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** The layout that an array's properties declare. It is not checked yet. */
export interface Layout {
  readonly shape?: unknown;
  readonly stride?: unknown;
  readonly fortranOrder?: boolean;
}

/** Returns whether a name is one of NpyView's. Comparisons take a third of the time of a list's `includes`. */
function isOwnName(name: string): boolean {
  return name === 'data' || name === 'shape' || name === 'stride' || name === 'offset' || name === 'dtype';
}

/** Names that may be getters of a class, which `for … in` does not list. */
const GETTERS: readonly string[] = ['strides', 'dims', 'order', 'fortranOrder', 'fortran_order'];

/** Matches names that say how elements are arranged in memory. */
const LAYOUT =
  /(?<!b)order$|endian|major|fortran|contiguous|stride|layout|transpose|permut|storage|^ld[ab]?$|rowpitch|bytesperrow/;
/** Matches names of a shape. */
const SHAPE = /^(shape|dim(ension)?s?|extents?|(n|num)?(rows|col(umn)?s)|nrow|ncol|width|height|channels|info|sizes?)$/;

/** Returns the layout of a view that lacks `stride` or `offset`. @throws NpyError NPY_ARRAY for a name or value that is not understood */
export function layoutOf(view: object): Layout {
  const parts = view as Readonly<Record<string, unknown>>;
  const names = Object.getPrototypeOf(view) === Object.prototype ? [] : [...GETTERS];
  for (const name in view) if (!isOwnName(name) && !names.includes(name)) names.push(name);
  if (names.length === 0) return view;
  let { shape, stride } = parts;
  /** The name of the array's property that declares Fortran order, if one does. */
  let fortran: string | undefined;
  let saysC = false;
  for (const name of names) {
    const value = parts[name];
    const word = name.toLowerCase().replaceAll('_', '');
    if (value === undefined || value === null) continue;
    if (word === 'strides') stride ??= value;
    else if (typeof value === 'function') continue;
    else if (parts['shape'] === undefined && SHAPE.test(word)) {
      if (Array.isArray(value)) shape = value;
      else if (typeof value !== 'number' || word !== 'size') throw notUnderstood(name, value);
    } else if (parts['shape'] === undefined && Array.isArray(value) && isNear(name, 'shape'))
      throw notUnderstood(name, value);
    else if (word.includes('offset') ? value !== 0 : !parts['stride'] && LAYOUT.test(word)) {
      const order = orderOf(word, value);
      if (order === undefined) throw notUnderstood(name, value);
      if (order === true) fortran = name;
      saysC ||= order === false;
    }
  }
  // With one axis both orders are the same. Strides take precedence over an order.
  if (fortran && saysC && stride === undefined) {
    if (Array.isArray(shape) && shape.filter((size) => size !== 1).length > 1)
      throw notUnderstood(fortran, 'and C order');
  }
  return { shape, stride, fortranOrder: fortran !== undefined && !saysC };
}

/** Returns whether a property says that the first axis is fastest; `any` if it says no order, undefined if it is not understood. */
function orderOf(word: string, value: unknown): boolean | 'any' | undefined {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (/endian|byteorder/.test(word)) return /^(l|<|=|\||native)/.test(text) ? 'any' : undefined;
  if (/^(is)?contiguous/.test(word)) return value === true ? 'any' : undefined;
  if (typeof value !== 'boolean') return isFortran(text);
  const named = isFortran(word.replace(/^is/, ''));
  // If the name names no order, as in `transposed`, false says that the layout is plain, and true that it is an unknown one.
  return named === undefined ? (value ? undefined : 'any') : value === named;
}

function isFortran(text: string): boolean | undefined {
  return /^(f|col)/.test(text) ? true : /^(c|row)/.test(text) ? false : undefined;
}

/** Parses the names and spellings of dtypes that callers use. */
export interface DTypeParser {
  /** @throws NpyError for an unknown spelling */
  named(dtype: unknown): DType;
}

/**
 * Checks that the dtype that an array declares is that of its data. Otherwise complex numbers stored as pairs of floats, or a float16
 * stored as the bits of integers, would be read as separate numbers.
 * @param parser for arrays of other libraries, whose `dtype` may have any spelling of NumPy's, and which may have a `type`
 * @throws NpyError NPY_ARRAY
 */
export function checkDeclaredDType(view: object, { name, kind }: DType, parser: DTypeParser | undefined): void {
  const { dtype, type } = view as { readonly dtype?: unknown; readonly type?: unknown };
  if (dtype === name || (dtype === undefined && type === undefined)) return;
  const isNamed = isDTypeName(dtype);
  const other = parser && (parsedName(parser, dtype) ?? (isDTypeName(type) ? type : undefined));
  const declared = isNamed ? dtype : other;
  // Other libraries often store integers and narrow floats in arrays of wider floats.
  if (!declared || declared === name || (!isNamed && kind === 'f' && /^(u?int|float)\d+$/.test(declared))) return;
  const message = `npy: the dtype is ${declared} and the data is ${name}: give a store of ${declared}`;
  throw new NpyError('NPY_ARRAY', message, { expected: declared, actual: name });
}

/** Returns the name of the dtype that a string spells; undefined for other values. */
function parsedName(parser: DTypeParser, text: unknown): string | undefined {
  try {
    return typeof text === 'string' ? parser.named(text).name : undefined;
  } catch {
    return undefined;
  }
}

function notUnderstood(name: string, value: unknown): NpyError {
  const message = `npy: an array with ${quoted(name, 40)} (${shown(value)}) is not understood: give { data, shape, stride, offset }`;
  return new NpyError('NPY_ARRAY', message, { name, value });
}
