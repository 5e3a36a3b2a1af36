// The functions of @bridge/npy/core for arrays of the ndarray package: they take and return ndarrays in place of views.

import ndarray from 'ndarray';
import type { ByteStream } from '../arguments/byte-stream.ts';
import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { checkOptions } from '../arguments/options.ts';
import type { DTypeOfInput } from '../array/dtype-of.ts';
import { type CheckedView, layoutOfView, type NpyView, type ViewLike } from '../array/npy-view.ts';
import { type Descr, type DTypeOfDescr, descrOf, reprDescr } from '../dtype/descr.ts';
import { type DType, type DTypeName, isDTypeName, nativeType } from '../dtype/dtype.ts';
import { checkAny, convert, hasDType as hasDTypeOf, resolveDType } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { type DecodeOptions, decode as decodeView } from '../format/decode.ts';
import { type DataOptions, decodeData as dataView } from '../format/decode-data.ts';
import {
  type EncodeOptions,
  encode as encodeView,
  encodeInto as encodeViewInto,
  type NpyParts,
  encodeParts as partsOfView,
} from '../format/encode.ts';
import { decodeStream as decodeViews } from '../format/incremental-decoder.ts';
import { type PreparedArray, prepareArray as prepareView } from '../format/prepare.ts';
import { isContiguous, sizeOf } from '../layout/shape.ts';
import { field as fieldOf } from '../operations/field.ts';
import { fromNested, type Nested } from '../operations/nested.ts';
import { dtypeOfStore } from '../stores/store-table.ts';
import type { AnyStore, StoreByDType } from '../stores/store-types.ts';
import type { Guarded } from '../types/type-guards.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import type { AnyNdArray, NdArrayOf, TypedNdArray } from './ndarray-types.ts';
import { widen } from './widen.ts';

/** Anything that can be encoded: an ndarray, a view, nested lists, a typed array or store (one axis), a number. */
export type ArrayInput = ViewLike | Nested;

function wrap<D extends DTypeName>({ data, shape, stride, offset }: Omit<CheckedView, 'type'>): NdArrayOf<D> {
  // Casts: ndarray's types know neither this package's stores nor readonly lists.
  return ndarray(data as ndarray.Data, shape as number[], stride as number[], offset) as unknown as NdArrayOf<D>;
}

/** Returns an input as a view. Nested lists, and an ndarray over a plain list, are copied to a store. */
function viewOf(input: ArrayInput, dtype?: DTypeName | Descr): ViewLike {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return fromNested(input as Nested, dtype);
  if (dtypeOfStore(input) !== undefined || isClone(input)) return { data: input };
  if (!('data' in input)) return fromNested(input as Nested, dtype);
  const view = input as ViewLike;
  if (!Array.isArray(view.data)) return view;
  const declared: unknown = (view as Partial<NpyView>).dtype;
  return applyLayout(view, fromNested(view.data as Nested, dtype ?? (isDTypeName(declared) ? declared : undefined)));
}

/** Returns whether an object is the clone of a store, which has lost its methods. */
function isClone(input: object): boolean {
  const { dtype, raw } = input as { readonly [K in 'dtype' | 'raw']?: unknown };
  return typeof dtype === 'string' && (ArrayBuffer.isView(raw) || Array.isArray(raw));
}

/**
 * Returns the view of the array that was made from the list in `view.data`. A flat list takes the layout of `view`; nested lists have one of
 * their own. @throws NpyError NPY_ARRAY if `view` gives nested lists another shape, or a stride, an offset or Fortran order
 */
function applyLayout(view: ViewLike, fromList: NpyView): ViewLike {
  const { data, shape } = fromList;
  const layout = layoutOfView(view);
  if (shape.length < 2) return { ...layout, data };
  const { shape: declared } = layout;
  const isSame =
    declared === undefined || (declared.length === shape.length && shape.every((n, axis) => n === declared[axis]));
  if (isSame && !layout.stride && !layout.offset && !layout.fortranOrder) return fromList;
  const message = `npy: data is nested lists of shape (${shape}): give this shape or none, and no stride, offset or fortranOrder`;
  throw new NpyError('NPY_ARRAY', message, { expected: shape, actual: declared });
}

/** Returns an input as a view to encode. Plain values have no dtype to convert from, and get the one asked for. */
function inputToEncode(input: ArrayInput, options: EncodeOptions | null | undefined): ViewLike {
  return viewOf(input, options?.descr ?? options?.dtype);
}

/**
 * Decodes one array as np.load does. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @returns an ndarray: a view of `bytes` if they are aligned and in native byte order, unless `copy: true`
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE,
 *   NPY_OBJECTS, NPY_OPTION, NPY_ARRAY; any error of the codec for objects, such as NPY_PICKLE
 * @example
 * const picture = decode(bytes, { dtype: 'uint8' }); // NdArray<Uint8Array>
 * picture.get(0, 0, 2);
 */
export function decode<D extends DTypeName = DTypeName>(bytes: BytesLike, options?: DecodeOptions<D>): NdArrayOf<D> {
  return wrap<D>(decodeView(bytes, options));
}

/**
 * Decodes bare elements, as NumPy's `tobytes()` returns them. Bytes behind the last element are ignored.
 *
 * @param options the dtype (or descr), the shape, and the order, as `readHeader` returns them
 * @returns an ndarray: a view of `bytes` if they are aligned and in native byte order, unless `copy: true`
 * @throws NpyError NPY_DESCR for an invalid dtype, or one without a width; NPY_ARRAY for an invalid shape; NPY_TRUNCATED if
 *   bytes are missing; NPY_OBJECTS for objects, whose data is a pickle; NPY_OPTION
 * @example
 * const picture = decodeData(bytes, { dtype: 'uint8', shape: [480, 640, 3] });
 */
export function decodeData<D extends DTypeName = DTypeName>(bytes: BytesLike, options: DataOptions<D>): NdArrayOf<D> {
  return wrap(dataView(bytes, options));
}

/**
 * Decodes the arrays of a stream, one after the other, as each becomes complete.
 *
 * @param stream chunks of any size: the `body` of a response, a ReadableStream, or an iterable. If the loop over the arrays ends early, the
 *   stream is cancelled
 * @throws NpyError NPY_TRUNCATED if the stream ends inside an array, NPY_ARRAY if `stream` is not a stream, NPY_OBJECTS for object
 *   arrays, which do not say where they end; what `decode` throws
 * @example
 * const { body } = await fetch(url);
 * for await (const frame of decodeStream(body, { dtype: 'uint8' })) show(frame);
 */
export async function* decodeStream<D extends DTypeName = DTypeName>(
  stream: ByteStream,
  options: DecodeOptions<D> = {},
): AsyncGenerator<NdArrayOf<D>, undefined> {
  for await (const view of decodeViews(stream, options)) yield wrap<D>(view);
}

/**
 * Encodes an array as np.save does: byte for byte what NumPy writes for the same array.
 *
 * @returns fresh memory
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * encode(ndarray(new Float32Array(6), [2, 3]));
 * encode([[1, 2], [3, 4]], { dtype: '>i2' });
 */
export function encode(input: ArrayInput, options?: EncodeOptions): UnsharedBytes {
  return encodeView(inputToEncode(input, options), options);
}

/**
 * Encodes an array as header and data, which are not joined. The data may be the array's own memory: write it out before the
 * array changes.
 * @throws what `encode` throws
 */
export function encodeParts(input: ArrayInput, options?: EncodeOptions): NpyParts {
  return partsOfView(inputToEncode(input, options), options);
}

/**
 * Checks an array and writes its header. No memory is allocated yet for elements that have to be gathered or converted: `parts()`
 * does that. Nested lists become a typed array at once.
 * @throws what `encode` throws, except for values that do not fit the dtype: `parts()` throws for those
 * @example
 * const prepared = prepareArray(picture);
 * if (prepared.dtype === 'uint8' && prepared.byteLength < 2 ** 20) socket.write(Buffer.concat(prepared.parts()));
 */
export function prepareArray(input: ArrayInput, options?: EncodeOptions): PreparedArray {
  return prepareView(inputToEncode(input, options), options);
}

/**
 * Encodes an array to the start of `target`.
 * @returns the number of bytes written
 * @throws NpyError NPY_TARGET if `target` is too small or not bytes; what `encode` throws
 */
export function encodeInto(input: ArrayInput, target: Uint8Array, options?: EncodeOptions): number {
  return encodeViewInto(inputToEncode(input, options), target, options);
}

/**
 * Returns the field `name` of a structured array, in the field's own dtype. The axes of a field with a shape follow those of the array.
 *
 * The result is a view, and writing to it writes to the structures, if the field's elements lie at multiples of their own size: always
 * the case in dtypes that NumPy made with `align=True`. Otherwise, and for object arrays, it is a copy.
 *
 * @throws NpyError NPY_DTYPE if the array is not structured, or the field does not have the dtype asked for; NPY_VALUE for an unknown
 *   field, NPY_DESCR for an unknown dtype, NPY_ARRAY, NPY_LIMIT if a copy cannot be allocated
 * @example
 * const x = field(points, 'x', { dtype: 'float32' }); // of [('x', '<f4'), ('y', '<f4')]: a view of stride 2
 */
export function field<D extends DTypeName = DTypeName>(
  array: ViewLike,
  name: string,
  options: { readonly dtype?: D } = {},
): NdArrayOf<D> {
  return wrap<D>(fieldOf(array, name, options));
}

/**
 * Returns whether an array, or a store, has the dtype `dtype`, and narrows its type.
 * @throws NpyError NPY_DESCR for an unknown dtype
 * @example
 * const a = decode(bytes);
 * if (hasDType(a, 'float32')) upload(a.data); // a Float32Array
 */
export function hasDType<D extends DTypeName>(
  array: AnyNdArray | TypedNdArray,
  dtype: D,
): array is Guarded<Extract<AnyNdArray, NdArrayOf<D>>, D>;
export function hasDType<D extends DTypeName>(data: AnyStore, dtype: D): data is Guarded<StoreByDType[D], D>;
export function hasDType(array: ViewLike | AnyStore, dtype: DTypeName): boolean {
  return hasDTypeOf(array as AnyStore, dtype);
}

/** Options of `array`. */
export interface ArrayOptions<T extends DTypeName | Descr = DTypeName | Descr> {
  /** The dtype of the array, by name or as a descr: `'<U5'`, `'<M8[ns]'`, a list of fields. Default: the values determine it. */
  readonly dtype?: T;
  /** The shape of the array, for exactly the elements that `values` has. Default: the shape of the nested lists. */
  readonly shape?: readonly number[];
}

/**
 * Makes an ndarray of nested lists, of a typed array or store (not copied), or of another array (copied if the dtype changes).
 *
 * @param options the dtype and the shape of the array, or its shape alone
 * @throws NpyError NPY_ARRAY if rows differ in length or the shape does not fit, NPY_VALUE if a value does not fit the dtype,
 *   NPY_DESCR for an unknown dtype, NPY_OPTION, NPY_LIMIT if so many elements cannot be allocated
 * @example
 * array([[1, 2], [3, 4]]);                          // float64, 2 x 2
 * array([true, false]);                             // bool
 * array(new Uint8Array(921600), [480, 640, 3]);     // uint8
 * array([1, 2, 3, 4], { dtype: 'int16', shape: [2, 2] });
 */
export function array<C extends Uint8ClampedArray>(
  values: C | (ViewLike & { readonly data: C }),
  options?: readonly number[] | { readonly shape?: readonly number[]; readonly dtype?: undefined },
): ndarray.NdArray<C>;
export function array<const V extends ArrayInput, T extends DTypeName | Descr = DTypeOfInput<V>>(
  values: V,
  options?: readonly number[] | ArrayOptions<T>,
): NdArrayOf<DTypeOfDescr<T>>;
export function array(values: ArrayInput, options?: readonly number[] | ArrayOptions | object): unknown {
  return wrap(makeArray(values, isShape(options) ? { shape: options } : options));
}

function isShape(options: object | undefined): options is readonly number[] {
  return Array.isArray(options);
}

function makeArray(values: ArrayInput, options: ArrayOptions | undefined): CheckedView {
  const { dtype, shape } = checkOptions(options, ['dtype', 'shape']) ?? {};
  let view = checkAny(viewOf(values, dtype));
  // A Buffer is seen as a plain Uint8Array, which ndarray calls uint8.
  if (view.dtype === 'uint8' && !(view.data instanceof Uint8ClampedArray)) view = { ...view, data: asBytes(view.data) };
  if (dtype !== undefined && dtype !== null && dtype !== view.dtype) {
    const type = nativeType(resolveDType(dtype, view));
    if (fullSpelling(type) !== fullSpelling(view.type)) view = widen(view, type) ?? convert(view, type);
  }
  if (shape !== undefined) {
    // A new shape needs contiguous elements, so that a strided array is copied first.
    const { data, offset } = isContiguous(view.shape, view.stride, false) ? view : convert(view, view.type);
    const given = sizeOf(view.shape);
    view = checkAny({ data, shape, offset });
    if (sizeOf(view.shape) !== given) throw wrongSize(given, view.shape);
  }
  return view;
}

/** Returns the whole dtype as text, titles included. */
function fullSpelling(type: DType): string {
  return reprDescr(descrOf(type));
}

function wrongSize(given: number, shape: readonly number[]): NpyError {
  const message = `npy: ${given} elements do not fill shape (${shape})`;
  return new NpyError('NPY_ARRAY', message, { expected: sizeOf(shape), actual: given });
}
