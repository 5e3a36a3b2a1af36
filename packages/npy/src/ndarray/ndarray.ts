// The core's verbs in terms of the ndarray package: the same functions, with views wrapped and unwrapped.

import ndarray from 'ndarray';
import type { ByteStream } from '../arguments/byte-stream.ts';
import type { BytesLike } from '../arguments/bytes-like.ts';
import { checkOptions } from '../arguments/options.ts';
import { type CheckedView, type NpyView, placeOf, type ViewLike } from '../array/npy-view.ts';
import { type Descr, type DTypeOfDescr, descrOf, reprDescr } from '../dtype/descr.ts';
import { type DType, type DTypeName, isDTypeName, nativeType } from '../dtype/dtype.ts';
import { checkAny, convert, hasDType as hasDTypeOf, resolveDType } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { type DecodeOptions, decode as decodeView } from '../format/decode.ts';
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
import type { UnsharedBytes } from '../memory/unshared.ts';
import { field as fieldOf } from '../operations/field.ts';
import { fromNested, type Nested } from '../operations/nested.ts';
import { dtypeOfStore } from '../stores/store-table.ts';
import type { AnyStore, ElementOf, SetElementOf, StoreByDType } from '../stores/store-types.ts';
import { widen } from './widen.ts';

/** An ndarray of dtype `D` whose elements may be anything: what one is, where @types/ndarray knows only numbers. */
export interface TypedNdArray<D extends DTypeName = DTypeName> {
  readonly data: StoreByDType[D];
  readonly shape: number[];
  /** In elements of `data`, as `offset` is. */
  readonly stride: number[];
  readonly offset: number;
  /** Number of elements. */
  readonly size: number;
  readonly dimension: number;
  /** The axes from the shortest stride to the longest. */
  readonly order: number[];
  get(...index: number[]): ElementOf<D>;
  set(...indexThenValue: SetArguments<D>): unknown;
  /** Where in `data` the element lies. */
  index(...index: number[]): number;
  lo(...from: number[]): TypedNdArray<D>;
  hi(...size: number[]): TypedNdArray<D>;
  step(...by: number[]): TypedNdArray<D>;
  transpose(...axes: number[]): TypedNdArray<D>;
  /** The array at these indices; an axis with `null` stays. */
  pick(...index: (number | null)[]): TypedNdArray<D>;
}

// Where a number may be the value, as in arrays of any dtype, one list: an array of numbers is to be one of those.
type SetArguments<D extends DTypeName> =
  number extends SetElementOf<D> ? (number | SetElementOf<D>)[] : [...index: number[], value: SetElementOf<D>];

/** An ndarray over the store of dtype `D`: that of @types/ndarray where all elements are numbers. */
export type NdArrayOf<D extends DTypeName> = [SetElementOf<D>] extends [number]
  ? ndarray.NdArray<StoreByDType[D]>
  : TypedNdArray<D>;

/** An ndarray over any store of this package. */
export type AnyNdArray = TypedNdArray;

/** Anything that can be encoded: an ndarray, a view, nested lists, a typed array or store (one axis), a number. */
export type ArrayInput = ViewLike | Nested;

function wrap<D extends DTypeName>(view: NpyView<D>): NdArrayOf<D> {
  return ndarray(view.data as ndarray.Data, view.shape, view.stride, view.offset) as unknown as NdArrayOf<D>;
}

/** What was given as a view; nested lists, and an ndarray over a plain list, become typed on the way. */
function viewOf(input: ArrayInput, dtype?: DTypeName | Descr): ViewLike {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return fromNested(input as Nested, dtype);
  if (dtypeOfStore(input) !== undefined || isClone(input)) return { data: input };
  if (!('data' in input)) return fromNested(input as Nested, dtype);
  const view = input as ViewLike;
  if (!Array.isArray(view.data)) return view;
  const said: unknown = (view as Partial<NpyView>).dtype;
  return overList(view, fromNested(view.data as Nested, dtype ?? (isDTypeName(said) ? said : undefined)));
}

/** A store that was cloned, and lost its methods on the way. */
function isClone(input: object): boolean {
  const { dtype, raw } = input as { readonly [K in 'dtype' | 'raw']?: unknown };
  return typeof dtype === 'string' && (ArrayBuffer.isView(raw) || Array.isArray(raw));
}

/** A view over a list of values. One over nested lists has their shape, and no other. */
function overList(view: ViewLike, made: NpyView): ViewLike {
  const { data, shape } = made;
  const place = placeOf(view);
  if (shape.length < 2) return { ...place, data };
  const { shape: said } = place;
  const isSame = said === undefined || (said.length === shape.length && shape.every((n, axis) => n === said[axis]));
  if (isSame && !place.stride && !place.offset && !place.fortranOrder) return made;
  const message = `npy: the lists in data are of shape (${shape}), and the array says something else`;
  throw new NpyError('NPY_ARRAY', message, { expected: shape, actual: said });
}

/** Values have no dtype of their own to convert from: they are made in the one asked for. */
function toEncode(input: ArrayInput, options: EncodeOptions | null | undefined): ViewLike {
  return viewOf(input, options?.descr ?? options?.dtype);
}

/**
 * Decodes one array as np.load would. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @returns an ndarray; a view on `bytes` where they are aligned and native-endian, unless `copy: true`
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE,
 *   NPY_OBJECTS, NPY_ARRAY; what the codec for objects throws: NPY_PICKLE, that of @bridge/npy/pickle
 * @example
 * const picture = decode(bytes, { dtype: 'uint8' }); // NdArray<Uint8Array>
 * picture.get(0, 0, 2);
 */
export function decode<D extends DTypeName = DTypeName>(bytes: BytesLike, options?: DecodeOptions<D>): NdArrayOf<D> {
  return wrap(decodeView(bytes, options));
}

/**
 * Decodes the arrays of a stream, one after the other, as each becomes complete.
 *
 * @param stream chunks, however they are cut: the `body` of a response, a ReadableStream, anything to iterate over. A stream that is left
 *   early is cancelled
 * @throws NpyError NPY_TRUNCATED when the stream stops inside an array, NPY_ARRAY when it is no stream, NPY_OBJECTS for object
 *   arrays, which do not say where they end, and what `decode` throws
 * @example
 * const { body } = await fetch(url);
 * for await (const frame of decodeStream(body, { dtype: 'uint8' })) show(frame);
 */
export async function* decodeStream<D extends DTypeName = DTypeName>(
  stream: ByteStream,
  options: DecodeOptions<D> = {},
): AsyncGenerator<NdArrayOf<D>, undefined> {
  for await (const view of decodeViews(stream, options)) yield wrap(view);
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
export function encode(input: ArrayInput, options?: EncodeOptions): UnsharedBytes {
  return encodeView(toEncode(input, options), options);
}

/**
 * Encodes without joining: the header, and the data. The data may be the array's own memory: write it out before the
 * array changes.
 * @throws NpyError what `encode` throws
 */
export function encodeParts(input: ArrayInput, options?: EncodeOptions): NpyParts {
  return partsOfView(toEncode(input, options), options);
}

/**
 * Checks an array and writes its header. Returns what will be encoded, before memory is taken for elements that have to be
 * gathered or converted: `parts()` does that. Nested lists become a typed array at once.
 * @throws NpyError what `encode` throws, but for values that do not fit the dtype: `parts()` throws for those
 * @example
 * const prepared = prepareArray(picture);
 * if (prepared.dtype === 'uint8' && prepared.byteLength < 2 ** 20) socket.write(Buffer.concat(prepared.parts()));
 */
export function prepareArray(input: ArrayInput, options?: EncodeOptions): PreparedArray {
  return prepareView(toEncode(input, options), options);
}

/**
 * Encodes to the front of `target`.
 * @returns the number of bytes written
 * @throws NpyError NPY_TARGET when `target` is too small or no bytes, and what `encode` throws
 */
export function encodeInto(input: ArrayInput, target: Uint8Array, options?: EncodeOptions): number {
  return encodeViewInto(toEncode(input, options), target, options);
}

/**
 * The field `name` of a structured array, as an array of its own dtype. A field with a shape adds its axes behind the
 * array's.
 *
 * It is a view, and writing to it writes to the structures, where its elements lie at multiples of their own size: always
 * so in dtypes that NumPy made with `align=True`. Elsewhere it is a copy. Of an object array it is a copy as well.
 *
 * @throws NpyError NPY_DTYPE when the array is not structured, or the field has another dtype than asked for; NPY_VALUE
 *   when there is no such field, NPY_DESCR when the dtype asked for is none, NPY_ARRAY, NPY_LIMIT when a copy is too large
 * @example
 * const x = field(points, 'x', { dtype: 'float32' }); // of [('x', '<f4'), ('y', '<f4')]: a view of stride 2
 */
export function field<D extends DTypeName = DTypeName>(
  array: ViewLike,
  name: string,
  options: { readonly dtype?: D } = {},
): NdArrayOf<D> {
  return wrap(fieldOf(array, name, options));
}

/**
 * Whether an array, or a store, is of that dtype: narrows its type.
 * @throws NpyError NPY_DESCR when the dtype is none
 * @example
 * const a = decode(bytes);
 * if (hasDType(a, 'float32')) upload(a.data); // a Float32Array
 */
export function hasDType<D extends DTypeName>(array: AnyNdArray, dtype: D): array is AnyNdArray & NdArrayOf<D>;
export function hasDType<D extends DTypeName>(data: AnyStore, dtype: D): data is StoreByDType[D];
export function hasDType(array: ViewLike | AnyStore, dtype: DTypeName): boolean {
  return hasDTypeOf(array as AnyStore, dtype);
}

/** How to make an array. */
export interface ArrayOptions<T extends DTypeName | Descr = DTypeName | Descr> {
  /** The dtype to have, by name or as a descr: `'<U5'`, `'<M8[ns]'`, a list of fields. Default: the values say it. */
  readonly dtype?: T;
  /** The shape to have, with as many elements as were given. Default: that of the nesting. */
  readonly shape?: readonly number[];
}

/**
 * Makes an ndarray of nested lists, of a typed array or store (not copied), or of another array (a copy, where the
 * dtype changes).
 *
 * @throws NpyError NPY_ARRAY when rows differ in length or the shape does not fit, NPY_VALUE when a value does not fit,
 *   NPY_DESCR when the dtype is none, NPY_LIMIT when there is no memory for so many elements
 * @example
 * array([[1, 2], [3, 4]]);                          // float64, 2 x 2
 * array([true, false]);                             // bool
 * array(new Uint8Array(921600), { shape: [480, 640, 3] });
 */
export function array<T extends DTypeName | Descr = DTypeName>(
  values: ArrayInput,
  options: ArrayOptions<T> = {},
): NdArrayOf<DTypeOfDescr<T>> {
  return wrap(made(values, options) as unknown as NpyView<DTypeOfDescr<T>>);
}

function made(values: ArrayInput, options: ArrayOptions): CheckedView {
  const { dtype, shape } = checkOptions(options, ['dtype', 'shape']) ?? {};
  let view = checkAny(viewOf(values, dtype));
  if (dtype !== undefined && dtype !== null && dtype !== view.dtype) {
    const type = nativeType(resolveDType(dtype, view));
    if (spelled(type) !== spelled(view.type)) view = widen(view, type) ?? convert(view, type);
  }
  if (shape !== undefined) {
    // A new shape needs elements in a row: what is strided is copied first.
    const { data, offset } = isContiguous(view.shape, view.stride, false) ? view : convert(view, view.type);
    const given = sizeOf(view.shape);
    view = checkAny({ data, shape, offset });
    if (sizeOf(view.shape) !== given) throw unfilled(given, view.shape);
  }
  return view;
}

/** Titles included, which say nothing of the bytes. */
function spelled(type: DType): string {
  return reprDescr(descrOf(type));
}

function unfilled(given: number, shape: readonly number[]): NpyError {
  const message = `npy: ${given} elements do not fill shape (${shape})`;
  return new NpyError('NPY_ARRAY', message, { expected: sizeOf(shape), actual: given });
}
