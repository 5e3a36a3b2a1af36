// Arrays as other libraries hold them, over a typed array in `data`: what they call the shape, the order and the strides is
// understood, or refused by name. None of it is passed over, because the values would then be read in another order.
//   npyjs, numpy-parser                  shape, fortranOrder, fortran_order
//   @stdlib/ndarray, numpy-ts, Pyodide   shape, strides, order: 'column-major', offset; strides and offset count elements
//   onnxruntime                          dims, type
//   ImageData, sharp, pngjs              width, height, info: refused, since the channels have to be known
import { type DType, isDTypeName } from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import { nameOf } from './found.ts';
import { MAX_DIMENSIONS } from './layout/shape.ts';
import { isList, listOf } from './list.ts';
import { quoted } from './quoted.ts';

/** What was found, not checked yet. */
export interface Layout {
  readonly shape?: unknown;
  readonly stride?: unknown;
  readonly fortranOrder?: boolean;
}

const OURS: readonly string[] = ['data', 'shape', 'stride', 'offset', 'dtype'];
/** Getters of a class are not seen by who asks for the keys. */
const GETTERS: readonly string[] = ['strides', 'dims', 'order', 'fortranOrder', 'fortran_order'];

/** Names of everything that says how elements lie. */
const LAYOUT =
  /(?<!b)order$|endian|major|fortran|contiguous|stride|layout|offset|transpose|permut|rowpitch|bytesperrow/;
/** Names of what stands for a shape. */
const SHAPE = /^(shape|dim(ension)?s?|extents?|(n|num)?(rows|col(umn)?s)|nrow|ncol|width|height|channels|info|sizes?)$/;

/** The layout of a view that has no `stride`. @throws NpyError NPY_ARRAY for a name or a value that is not understood */
export function layoutOf(view: object): Layout {
  const parts = view as Readonly<Record<string, unknown>>;
  const isPlain = Object.getPrototypeOf(view) === Object.prototype;
  if (isPlain && hasOurNames(view)) return view;
  const names = isPlain ? [] : [...GETTERS];
  for (const name in view) if (!OURS.includes(name) && !names.includes(name)) names.push(name);
  let { shape } = parts;
  let stride: unknown;
  const orders = new Map<boolean, string>();
  for (const name of names) {
    const value = parts[name];
    const word = name.toLowerCase().replaceAll('_', '');
    if (value === undefined || value === null || typeof value === 'function') continue;
    if (word === 'strides') stride = value;
    else if (parts['shape'] === undefined && SHAPE.test(word)) {
      if (isList(value)) shape = value;
      else if (typeof value !== 'number' || word !== 'size') throw notUnderstood(name, value);
    } else if (LAYOUT.test(word) && !(word.endsWith('offset') && value === 0)) {
      const order = orderOf(word, value);
      if (order === undefined) throw notUnderstood(name, value);
      if (order !== 'any') orders.set(order, name);
    }
  }
  const isFortran = orders.get(true);
  // Of one axis both orders are the same. Strides say all that an order does.
  if (isFortran && orders.size > 1 && stride === undefined) {
    const sizes = listOf(shape, MAX_DIMENSIONS)?.filter((size) => size !== 1) ?? [];
    if (sizes.length > 1) throw notUnderstood(isFortran, 'not the only order');
  }
  return { shape, stride, fortranOrder: orders.size === 1 && isFortran !== undefined };
}

/** Asked first, because nearly all arrays have no others. */
function hasOurNames(view: object): boolean {
  for (const name in view) if (!OURS.includes(name)) return false;
  return true;
}

/** Whether the first axis is fastest; `any` for what changes nothing. Undefined where it is not known what is meant. */
function orderOf(word: string, value: unknown): boolean | 'any' | undefined {
  if (/endian|byteorder/.test(word)) return /^(l|<|=|\||native)/i.test(String(value)) ? 'any' : undefined;
  if (/^(is)?contiguous/.test(word)) return value === true ? 'any' : undefined;
  const isFortran = /^(is)?(f|col)/.test(word);
  if (typeof value === 'boolean') {
    if (isFortran || /^(is)?(c|row)/.test(word)) return value === isFortran;
    return value ? undefined : 'any';
  }
  if (typeof value !== 'string') return undefined;
  return /^(f|col)/i.test(value) ? true : /^(c|row)/i.test(value) ? false : undefined;
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
  const shown =
    typeof value === 'string' ? quoted(value, 40) : typeof value === 'object' ? nameOf(value) : String(value);
  const message = `npy: an array whose ${quoted(name, 40)} is ${shown} is not understood: give { data, shape, stride, offset }`;
  return new NpyError('NPY_ARRAY', message, { name, value });
}
