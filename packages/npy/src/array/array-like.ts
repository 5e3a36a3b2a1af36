// Arrays as other libraries hold them, over a typed array in `data`: what they call the shape, the order and the strides is
// understood, or refused by name. None of it is passed over, because the values would then be read in another order.
//   npyjs, numpy-parser                  shape, fortranOrder, fortran_order
//   @stdlib/ndarray, numpy-ts, Pyodide   shape, strides, order: 'column-major', offset; strides and offset count elements
//   onnxruntime                          dims, type
//   ImageData, sharp, pngjs              width, height, info: refused, since the channels have to be known

import { shown } from '../arguments/options.ts';
import { type DType, isDTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

/** What was found, not checked yet. */
export interface Layout {
  readonly shape?: unknown;
  readonly stride?: unknown;
  readonly fortranOrder?: boolean;
}

/** Whether it is a name of our own views. Compared one by one, which takes a third of the time of a list. */
function isOurs(name: string): boolean {
  return name === 'data' || name === 'shape' || name === 'stride' || name === 'offset' || name === 'dtype';
}

/** Getters of a class are not seen by who asks for the keys. */
const GETTERS: readonly string[] = ['strides', 'dims', 'order', 'fortranOrder', 'fortran_order'];

/** Names of everything that says how elements lie. */
const LAYOUT =
  /(?<!b)order$|endian|major|fortran|contiguous|stride|layout|transpose|permut|storage|^ld[ab]?$|rowpitch|bytesperrow/;
/** Names of what stands for a shape. */
const SHAPE = /^(shape|dim(ension)?s?|extents?|(n|num)?(rows|col(umn)?s)|nrow|ncol|width|height|channels|info|sizes?)$/;

/** The layout of a view that has not both `stride` and `offset`. @throws NpyError NPY_ARRAY for a name or a value that is not understood */
export function layoutOf(view: object): Layout {
  const parts = view as Readonly<Record<string, unknown>>;
  const names = Object.getPrototypeOf(view) === Object.prototype ? [] : [...GETTERS];
  for (const name in view) if (!isOurs(name) && !names.includes(name)) names.push(name);
  if (names.length === 0) return view;
  let { shape, stride } = parts;
  /** The name that says it. */
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
    } else if (word.includes('offset') ? value !== 0 : !parts['stride'] && LAYOUT.test(word)) {
      const order = orderOf(word, value);
      if (order === undefined) throw notUnderstood(name, value);
      if (order === true) fortran = name;
      saysC ||= order === false;
    }
  }
  // Of one axis both orders are the same. Strides say all that an order does.
  if (fortran && saysC && stride === undefined) {
    if (Array.isArray(shape) && shape.filter((size) => size !== 1).length > 1)
      throw notUnderstood(fortran, 'not the only order');
  }
  return { shape, stride, fortranOrder: fortran !== undefined && !saysC };
}

/** Whether the first axis is fastest; `any` for what changes nothing. Undefined where it is not known what is meant. */
function orderOf(word: string, value: unknown): boolean | 'any' | undefined {
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  if (/endian|byteorder/.test(word)) return /^(l|<|=|\||native)/.test(text) ? 'any' : undefined;
  if (/^(is)?contiguous/.test(word)) return value === true ? 'any' : undefined;
  if (typeof value !== 'boolean') return isFortran(text);
  const named = isFortran(word.replace(/^is/, ''));
  // Where the word names no order, it says that there is none to speak of, or one that is not known.
  return named === undefined ? (value ? undefined : 'any') : value === named;
}

function isFortran(text: string): boolean | undefined {
  return /^(f|col)/.test(text) ? true : /^(c|row)/.test(text) ? false : undefined;
}

/** Tells the dtype that a spelling is. */
export interface Spellings {
  /** @throws NpyError for one that is none */
  named(dtype: unknown): DType;
}

/**
 * Holds what an array says that its elements are against its data: complex numbers two by two among floats, or the bits of a float16
 * among integers, would be read as numbers of their own.
 * @param spellings where any spelling of NumPy's counts, and `type`: of arrays of other libraries
 * @throws NpyError NPY_ARRAY
 */
export function checkSaid(view: object, { name, kind }: DType, spellings: Spellings | undefined): void {
  const { dtype, type } = view as { readonly dtype?: unknown; readonly type?: unknown };
  if (dtype === name || (dtype === undefined && type === undefined)) return;
  const isNamed = isDTypeName(dtype);
  const other = spellings && (nameIn(spellings, dtype) ?? (isDTypeName(type) ? type : undefined));
  const said = isNamed ? dtype : other;
  // Integers and narrow floats are often handed out as floats.
  if (!said || said === name || (!isNamed && kind === 'f' && /^(u?int|float)\d+$/.test(said))) return;
  const message = `npy: an array whose dtype is ${said} and whose data is ${name}: give a store of ${said}`;
  throw new NpyError('NPY_ARRAY', message, { expected: said, actual: name });
}

/** The name of the dtype that is spelled; undefined for what is no spelling. */
function nameIn(spellings: Spellings, text: unknown): string | undefined {
  try {
    return typeof text === 'string' ? spellings.named(text).name : undefined;
  } catch {
    return undefined;
  }
}

function notUnderstood(name: string, value: unknown): NpyError {
  const message = `npy: an array whose ${quoted(name, 40)} is ${shown(value)} is not understood: give { data, shape, stride, offset }`;
  return new NpyError('NPY_ARRAY', message, { name, value });
}
