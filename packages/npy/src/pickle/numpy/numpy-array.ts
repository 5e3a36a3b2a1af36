// NumPy's arrays and scalars inside of a pickle. NumPy pickles them as this state and this call:
//   array   (1, shape, dtype, is fortran ordered, bytes | list of objects)
//   scalar  numpy.core.multiarray.scalar(dtype, bytes | a 0-d array, if the dtype contains objects)
// A list of objects is always in C order; bytes are in the order that the flag says.

import { checkOptions } from '../../arguments/options.ts';
import { checkAxes } from '../../dtype/axes.ts';
import type { Descr } from '../../dtype/descr.ts';
import { type DType, dtypeNamed } from '../../dtype/dtype.ts';
import type { StringDType } from '../../dtype/stringdtype.ts';
import { gather } from '../../layout/gather.ts';
import { contiguousStride } from '../../layout/shape.ts';
import { allocateBytes } from '../../memory/allocate.ts';
import { kindOf, type ReadContext, valueError } from '../pickle-error.ts';
import { latin1Data } from '../read/latin1-bytes.ts';
import { PyByteArray, PyTuple, tuple, tupleOf } from '../values/builtin-classes.ts';
import { floatValue } from '../values/numeric-values.ts';
import { FreshText } from '../write/fresh-marks.ts';
import { NumpyDType } from './numpy-dtype.ts';

/** The parts of an array. */
export interface ArrayParts {
  readonly shape: readonly number[];
  readonly fortranOrder?: boolean;
  /** The bytes of the elements, in the dtype's byte order; for dtypes without objects. */
  readonly data?: Uint8Array;
  /** The elements in C order, for dtypes with objects. A structured element is a tuple. */
  readonly items?: unknown[];
}

const PARTS = ['shape', 'fortranOrder', 'data', 'items'];
/** Cast: an array without a shape is refused. */
const NO_PARTS = {} as ArrayParts;

/** A NumPy array that is itself an object inside of a pickle. */
export class NumpyArray {
  readonly dtype: NumpyDType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly data: Uint8Array | undefined;
  readonly items: unknown[] | undefined;

  /** @throws NpyError NPY_VALUE if the parts do not fit together, NPY_OPTION for an unknown part */
  constructor(dtype: NumpyDType | Descr | StringDType, parts: ArrayParts) {
    const record = typeof parts === 'object' ? checkOptions(parts, PARTS, 'the parts of an array') : undefined;
    const { shape, fortranOrder = false, data, items } = record ?? NO_PARTS;
    this.dtype = dtype instanceof NumpyDType ? dtype : NumpyDType.of(dtype);
    this.shape = shape;
    this.fortranOrder = fortranOrder;
    this.data = data;
    this.items = items;
    checkArray(this);
  }
}

/** Checks the parts of an array, which a caller may have changed. @throws NpyError NPY_VALUE */
export function checkArray(array: NumpyArray): void {
  if (Array.isArray(array.shape)) checkAxes(array.shape.length, array.dtype.type.axes, 'caller');
  const problem = findMismatch(array);
  if (problem) throw valueError(problem);
}

/** A scalar: `numpy.float32(1.5)` is the dtype `<f4` and four bytes. */
export class NumpyScalar {
  readonly dtype: NumpyDType;
  /** The bytes of the value, or, if the dtype contains objects, a 0-d array with the value. */
  readonly data: Uint8Array | NumpyArray;

  /** @throws NpyError NPY_VALUE if the parts do not fit together */
  constructor(dtype: NumpyDType | Descr | StringDType, data: Uint8Array | NumpyArray) {
    this.dtype = dtype instanceof NumpyDType ? dtype : NumpyDType.of(dtype);
    this.data = data;
    if (!NumpyScalar.fits(this.dtype, data)) throw valueError(`the data does not fit a scalar of dtype ${this.dtype}`);
  }

  /** Returns whether `data` is one element of `dtype`. */
  static fits(dtype: NumpyDType, data: Uint8Array | NumpyArray): boolean {
    if (data instanceof NumpyArray) return dtype.hasObject && data.shape.length === 0;
    return data instanceof Uint8Array && !dtype.hasObject && data.length === dtype.itemsize;
  }
}

/** Returns the reason why the parts of an array do not fit together; undefined if they do. */
function findMismatch({ dtype, shape, data, items }: NumpyArray): string | undefined {
  if (!Array.isArray(shape)) return 'expected the shape of an array to be a list';
  if (items !== undefined && !Array.isArray(items)) return 'expected the items of an array to be a list';
  if (data !== undefined && !(data instanceof Uint8Array)) return 'expected the data of an array to be bytes';
  if (!shape.every(isLength)) return 'expected a shape of integers of 0 or more';
  const length = shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(length)) return 'the array is too large';
  const [unit, expected, actual] = dtype.hasObject
    ? ['objects', length, items?.length]
    : ['bytes', length * dtype.itemsize, data?.length];
  if (expected !== actual) {
    return `an array of shape (${shape.join(', ')}): expected ${expected} ${unit}, got ${actual ?? 'none'}`;
  }
  // Plain objects may be anything.
  const wrong = dtype.type.fields || dtype.strings ? items?.find((item) => !isItem(item, dtype)) : undefined;
  return wrong === undefined ? undefined : `${kindOf(wrong)} cannot be an item of dtype ${dtype}`;
}

/** Returns whether a value can be an element of a dtype with objects. */
function isItem(item: unknown, { type: { fields }, strings }: NumpyDType): boolean {
  if (fields) return item instanceof PyTuple && item.length === fields.length;
  if (!strings || typeof item === 'string') return true;
  const missing = strings.na_object;
  return item === missing || (Number.isNaN(floatValue(item)) && Number.isNaN(floatValue(missing)));
}

const EMPTY = new Uint8Array(0);

/** Returns `_reconstruct(numpy.ndarray, (0,), b'b')`: an array that gets its state later. */
export function emptyArray(): NumpyArray {
  return new NumpyArray(new NumpyDType(dtypeNamed('int8')), { shape: [0], data: EMPTY });
}

/** Sets the state of an array, as ndarray.__setstate__ does. Returns the state, typed as a tuple. */
export function readArrayState(array: NumpyArray, state: unknown, context: ReadContext): PyTuple {
  const { fail } = context;
  if (!(state instanceof PyTuple) || state.length < 4 || state.length > 5) throw fail('expected the state of an array');
  const [shape, dtype, fortranOrder, content] = state.slice(-4);
  if (!(shape instanceof PyTuple) || !(dtype instanceof NumpyDType) || !isFlag(fortranOrder)) {
    throw fail('expected the shape, the dtype and the order of an array');
  }
  if (state.length === 5 && state[0] !== 0 && state[0] !== 1) throw fail("expected an array's state of version 0 or 1");
  const items = Array.isArray(content) && !(content instanceof PyTuple) ? content : undefined;
  const data = items ? undefined : latin1Data(content, context);
  if (!items && !data) throw fail(`expected the data of an array, got ${kindOf(content)}`);
  dtype.seal();
  checkAxes(shape.length, dtype.type.axes);
  if (!shape.every(isLength)) throw fail('expected a shape of integers of 0 or more');
  const writable: { -readonly [K in keyof NumpyArray]: NumpyArray[K] } = array;
  writable.dtype = dtype;
  writable.shape = shape;
  writable.fortranOrder = Boolean(fortranOrder);
  writable.items = items;
  writable.data = data;
  // Many arrays may be given the same list, so that checking its items is not proportional to the bytes read.
  if (items) context.charge(items.length);
  const problem = findMismatch(array);
  if (problem) throw fail(problem);
  return state;
}

function isLength(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isFlag(value: unknown): value is boolean | 0 | 1 {
  return typeof value === 'boolean' || value === 0 || value === 1;
}

/**
 * Does what `numpy._core.numeric._frombuffer(buffer, dtype, shape, order)` does, which protocol 5 uses. Since NumPy 2.3 the
 * order may be K, with a fifth argument `axis_order`: `shape` is then the shape in memory, and the axes are transposed.
 */
export function readFromBuffer(args: PyTuple, context: ReadContext): NumpyArray {
  const [buffer, dtype, shape, order, axisOrder] = args;
  const isK = args.length === 5 && order === 'K';
  if (!isK && (args.length !== 4 || (order !== 'C' && order !== 'F'))) {
    throw context.fail('expected a buffer, a dtype, a shape, and an order: C, F, or K with an order of the axes');
  }
  const data = buffer instanceof PyByteArray ? buffer.bytes : buffer;
  const array = emptyArray();
  readArrayState(array, tuple(shape, dtype, order === 'F', data), context);
  return isK ? transpose(array, axisOrder, context) : array;
}

/** Returns a copy in C order, with its axes in the given order. */
function transpose({ dtype, shape, data }: NumpyArray, axisOrder: unknown, context: ReadContext): NumpyArray {
  const axes = axisOrder instanceof PyTuple ? [...axisOrder] : [];
  const isOrder = axes.length === shape.length && shape.every((_, axis) => axes.includes(axis));
  if (!isOrder || !data) throw context.fail('expected bytes, and an order with each axis once');
  context.charge(data.length);
  const stride = contiguousStride(shape, false);
  const pick = (list: readonly number[]): number[] => axes.map((axis) => list[axis as number] ?? 0);
  const inOrder = allocateBytes(data.length);
  const view = { bytes: data, itemsize: dtype.itemsize, shape: pick(shape), stride: pick(stride), offset: 0 };
  gather(view, inOrder, false);
  return new NumpyArray(dtype, { shape: view.shape, data: inOrder });
}

/** Returns the state of an array. */
export function arrayState(array: NumpyArray): PyTuple {
  const { dtype, shape, fortranOrder, items, data } = array;
  const size = shape instanceof PyTuple ? shape : tuple(...shape);
  return tuple(1, size, dtype, fortranOrder, items ? items.map((item) => listedItem(item, dtype)) : data);
}

/** Returns an item as NumPy lists it. NumPy makes new strs for a StringDType and for fields of text. */
function listedItem(item: unknown, { type, strings }: NumpyDType): unknown {
  return strings && item !== strings.na_object ? freshText(item) : listedElement(item, type);
}

function listedElement(item: unknown, { kind, fields }: DType): unknown {
  if (kind === 'U') return freshText(item);
  if (!fields || !(item instanceof PyTuple)) return item;
  return tupleOf(item.map((value, i) => (fields[i] ? listedElement(value, fields[i].type) : value)));
}

function freshText(item: unknown): unknown {
  return typeof item === 'string' && !isShared(item) ? new FreshText(item) : item;
}

/** Returns whether CPython has one shared str object for a text: the empty one, and each Latin-1 character. */
function isShared(text: string): boolean {
  return text.length === 0 || (text.length === 1 && text <= '\xff');
}

/** Returns whether `state` is still the state of the array. */
export function isStateOf(array: NumpyArray, state: unknown): boolean {
  if (!(state instanceof PyTuple)) return false;
  const [shape, dtype, fortranOrder, content] = state.slice(-4);
  const same = array.shape === shape && array.dtype === dtype && array.fortranOrder === Boolean(fortranOrder);
  return same && (array.items === content || array.data === content);
}
