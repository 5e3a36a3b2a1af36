// What holds numbers: native typed arrays where there are some. The part of store-table.ts that those who need only numbers need.
import { asBytes } from '../arguments/bytes-like.ts';
import { type DType, dtypeNamed, type FixedDTypeName, isFixedName } from '../dtype/dtype.ts';
import { checkLength } from '../memory/allocate.ts';
import { BoolStore } from './bool.ts';
import { Complex64Store, Complex128Store } from './complex.ts';
import { Float16Store } from './float16.ts';
import type { Float16Data, SimpleStoreByDType } from './simple-types.ts';

/** The dtypes of numbers that are native to every runtime, or nearly so. */
export type NumberName = Exclude<FixedDTypeName, 'longdouble' | 'clongdouble' | 'bfloat16' | `float8_${string}`>;

/** Makes a store over memory that is aligned to the dtype's words. `n` counts elements. */
type Over<S> = (buffer: ArrayBuffer, byteOffset: number, n: number) => S;

interface NativeFloat16Constructor {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Exclude<Float16Data, Float16Store>;
}
const { Float16Array: Float16Native } = globalThis as { Float16Array?: NativeFloat16Constructor };

export const numbersOver: { readonly [D in NumberName]: Over<SimpleStoreByDType[D]> } = {
  bool: (b, o, n) => new BoolStore(new Uint8Array(b, o, n)),
  int8: (b, o, n) => new Int8Array(b, o, n),
  int16: (b, o, n) => new Int16Array(b, o, n),
  int32: (b, o, n) => new Int32Array(b, o, n),
  int64: (b, o, n) => new BigInt64Array(b, o, n),
  uint8: (b, o, n) => new Uint8Array(b, o, n),
  uint16: (b, o, n) => new Uint16Array(b, o, n),
  uint32: (b, o, n) => new Uint32Array(b, o, n),
  uint64: (b, o, n) => new BigUint64Array(b, o, n),
  float16: (b, o, n) => (Float16Native ? new Float16Native(b, o, n) : new Float16Store(new Uint16Array(b, o, n))),
  float32: (b, o, n) => new Float32Array(b, o, n),
  float64: (b, o, n) => new Float64Array(b, o, n),
  complex64: (b, o, n) => new Complex64Store(new Float32Array(b, o, 2 * n)),
  complex128: (b, o, n) => new Complex128Store(new Float64Array(b, o, 2 * n)),
};

/** Whether a dtype is one of those. */
export function isNumberName(name: string): name is NumberName {
  return Object.hasOwn(numbersOver, name);
}

const tag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** The name that a typed array carries inside, which no subclass and no property of its own can change. */
function tagOf(data: unknown): unknown {
  return tag?.call(data);
}

/** What has no tag is no typed array. */
const byTag: ReadonlyMap<unknown, DType | undefined> = new Map<unknown, DType | undefined>([
  ...(Object.keys(numbersOver) as NumberName[]).map(
    (name) => [tagOf(numbersOver[name](new ArrayBuffer(0), 0, 0)), dtypeNamed(name)] as const,
  ),
  ['Uint8ClampedArray', dtypeNamed('uint8')],
  [undefined, undefined],
]);

/** The dtype of fixed size that `data` holds, or undefined where it is no store of one. */
export function numberOfStore(data: unknown): DType | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (ArrayBuffer.isView(data)) return byTag.get(tagOf(data));
  const { dtype, raw, get, set } = data as { [K in 'dtype' | 'raw' | 'get' | 'set']?: unknown };
  const isStore = typeof get === 'function' && typeof set === 'function' && ArrayBuffer.isView(raw);
  return isStore && typeof dtype === 'string' && isFixedName(dtype) ? dtypeNamed(dtype) : undefined;
}

/** Bytes to which the memory of a store is aligned. */
export function alignmentOf({ name, wordBytes }: DType): number {
  return name === 'longdouble' || name === 'clongdouble' ? 1 : wordBytes;
}

/** What holds elements: a typed array, or a store on one; of objects, a store on a list. */
interface Holder {
  readonly raw: ArrayBufferView | readonly unknown[];
  readonly length: number;
}

/** What a store lies over: itself, where it is a typed array. */
export function rawOf(data: ArrayBufferView | Pick<Holder, 'raw'>): Holder['raw'] {
  return ArrayBuffer.isView(data) ? data : data.raw;
}

/** The bytes behind a store, not copied. @throws NpyError NPY_ARRAY when their memory was transferred away */
export function bytesOfStore(data: ArrayBufferView | { readonly raw: ArrayBufferView }): Uint8Array {
  return asBytes(rawOf(data));
}

/** Elements in a store: by the memory that is there, and only of elements without bytes by what the store says. */
export function lengthOfStore(data: ArrayBufferView | Holder, { itemsize }: DType): number {
  const raw = rawOf(data);
  if (!ArrayBuffer.isView(raw)) return raw.length;
  if (itemsize === 0) return checkLength((data as Holder).length);
  // Without any bytes it may have lost its memory, which asBytes tells.
  return Math.floor((raw.byteLength || asBytes(raw).length) / itemsize);
}
