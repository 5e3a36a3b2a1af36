// The core's verbs in terms of the ndarray package: the same functions, with views wrapped and unwrapped.
import ndarray from 'ndarray';
import { convert } from './convert.ts';
import { type DecodeOptions, decode as decodeView } from './decode.ts';
import type { DTypeName } from './dtype/dtype.ts';
import {
  type EncodeOptions,
  encode as encodeView,
  encodeInto as encodeViewInto,
  type NpyParts,
  encodeParts as partsOfView,
} from './encode.ts';
import { NpyError } from './errors.ts';
import { decodeStream as decodeViews } from './incremental.ts';
import { isContiguous, sizeOf } from './layout/shape.ts';
import { fromNested, type Nested } from './nested.ts';
import { type AnyStore, dtypeOfStore, type StoreByDType } from './stores/table.ts';
import { checkView, type NpyView, type ViewLike } from './view.ts';
import { widen } from './widen.ts';

/** An ndarray over the store of dtype `D`. */
export type NdArrayOf<D extends DTypeName> = D extends DTypeName ? ndarray.NdArray<StoreByDType[D]> : never;

/** An ndarray over any store of this package. */
export type AnyNdArray = ndarray.NdArray<AnyStore>;

/** Anything that can be encoded: an ndarray, a view, nested lists, a typed array or store (one axis), a number. */
export type ArrayInput = ViewLike | Nested;

function wrap<D extends DTypeName>(view: NpyView<D>): NdArrayOf<D> {
  return ndarray(view.data as ndarray.Data, view.shape, view.stride, view.offset) as unknown as NdArrayOf<D>;
}

/** What was given as a view; nested lists, and an ndarray over a plain list, become typed on the way. */
function viewOf(input: ArrayInput, dtype?: DTypeName): ViewLike {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return fromNested(input as Nested, dtype);
  if (dtypeOfStore(input) !== undefined) return { data: input };
  if (!('data' in input)) return fromNested(input as Nested, dtype);
  if (!Array.isArray(input.data)) return input;
  return { ...plainView(input), data: fromNested(input.data as Nested, dtype).data };
}

function plainView({ data, shape, stride, offset }: ViewLike): ViewLike {
  return { data, ...(shape && { shape }), ...(stride && { stride }), ...(offset !== undefined && { offset }) };
}

/**
 * Decodes one array as np.load would. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @returns an ndarray; a view on `bytes` where they are aligned and native-endian, unless `copy: true`
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE, NPY_ARRAY
 * @example
 * const picture = decode(bytes, { dtype: 'uint8' }); // NdArray<Uint8Array>
 * picture.get(0, 0, 2);
 */
export function decode<D extends DTypeName = DTypeName>(
  bytes: Uint8Array | ArrayBuffer,
  options: DecodeOptions<D> = {},
): NdArrayOf<D> {
  return wrap(decodeView(bytes, options));
}

/**
 * Decodes the arrays of a stream, one after the other, as each becomes complete.
 * @throws NpyError NPY_TRUNCATED when the stream stops inside an array, and what `decode` throws
 */
export async function* decodeStream<D extends DTypeName = DTypeName>(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: DecodeOptions<D> = {},
): AsyncGenerator<NdArrayOf<D>, undefined> {
  for await (const view of decodeViews(chunks, options)) yield wrap(view);
}

/**
 * Encodes an array as np.save would: byte for byte what NumPy writes for the same array.
 *
 * @returns fresh memory
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * encode(ndarray(new Float32Array(6), [2, 3]));
 * encode([[1, 2], [3, 4]], { dtype: '>i2' });
 */
export function encode(input: ArrayInput, options: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  return encodeView(viewOf(input), options);
}

/**
 * Encodes without joining: the header, and the data. The data may be the array's own memory: write it out before the
 * array changes.
 * @throws NpyError what `encode` throws
 */
export function encodeParts(input: ArrayInput, options: EncodeOptions = {}): NpyParts {
  return partsOfView(viewOf(input), options);
}

/**
 * Encodes to the front of `target`.
 * @returns the number of bytes written
 * @throws NpyError NPY_TARGET when `target` is too small, and what `encode` throws
 */
export function encodeInto(input: ArrayInput, target: Uint8Array, options: EncodeOptions = {}): number {
  return encodeViewInto(viewOf(input), target, options);
}

/** How to make an array. */
export interface ArrayOptions<D extends DTypeName = DTypeName> {
  /** The dtype to have. Default: the values say it. */
  readonly dtype?: D;
  /** The shape to have, with as many elements as were given. Default: that of the nesting. */
  readonly shape?: readonly number[];
}

/**
 * Makes an ndarray of nested lists, of a typed array or store (not copied), or of another array (a copy, where the
 * dtype changes).
 *
 * @throws NpyError NPY_ARRAY when rows differ in length or the shape does not fit, NPY_VALUE when a value does not fit
 * @example
 * array([[1, 2], [3, 4]]);                          // float64, 2 x 2
 * array([true, false]);                             // bool
 * array(new Uint8Array(921600), { shape: [480, 640, 3] });
 */
export function array<D extends DTypeName = DTypeName>(
  values: ArrayInput,
  options: ArrayOptions<D> = {},
): NdArrayOf<D> {
  const { dtype, shape } = options ?? {};
  let view = checkView(viewOf(values, dtype));
  if (dtype !== undefined && view.dtype !== dtype) view = widen(view, dtype) ?? convert(view, dtype);
  if (shape !== undefined) {
    // A new shape needs elements in a row: what is strided is copied first.
    const { data, offset } = isContiguous(view.shape, view.stride, false) ? view : convert(view, view.dtype);
    const given = sizeOf(view.shape);
    view = checkView({ data, shape, offset });
    if (sizeOf(view.shape) !== given) throw unfilled(given, shape);
  }
  return wrap(view as unknown as NpyView<D>);
}

function unfilled(given: number, shape: readonly number[]): NpyError {
  const message = `npy: ${given} elements do not fill shape (${shape})`;
  return new NpyError('NPY_ARRAY', message, { expected: sizeOf(shape), actual: given });
}
