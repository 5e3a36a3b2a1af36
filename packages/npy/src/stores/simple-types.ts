// The table from dtype to store type, for dtypes without parts: all but structures and objects. The tables of functions that make the
// stores, in number-stores.ts and simple.ts, must satisfy it.
import type { UnsharedInt64s, UnsharedUint64s } from '../types/unshared.ts';
import type { BoolStore } from './bool.ts';
import type { BytesStore, VoidStore } from './bytes.ts';
import type { Complex64Store, Complex128Store } from './complex.ts';
import type { Float16Store } from './float16.ts';
import type { CLongDoubleStore, LongDoubleStore } from './longdouble.ts';
import type { BFloat16Store, Float8Name, Float8Store } from './small-float.ts';
import type { StrStore } from './str.ts';
import type { DateTime64Store, TimeDelta64Store } from './time.ts';

/** The instances of `Float16Array` if TypeScript's libraries know it. A runtime may have it although the libraries do not. */
type NativeFloat16Array = typeof globalThis extends { Float16Array: new (...args: never) => infer T }
  ? T
  : UnknownFloat16Array;

/** The parts of a `Float16Array` that every typed array has, for libraries that do not know the class. */
interface UnknownFloat16Array extends Iterable<number> {
  readonly [Symbol.toStringTag]: 'Float16Array';
  readonly BYTES_PER_ELEMENT: number;
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly length: number;
  [index: number]: number;
}

/**
 * The store of `float16`: a `Float16Array` if the runtime has the class (Node 24 does), else a Float16Store. `instanceof Float16Store` tells
 * them apart.
 */
export type Float16Data = NativeFloat16Array | Float16Store;

/** The store of each dtype that has no parts. */
export interface SimpleStoreByDType extends Float8Stores {
  bool: BoolStore;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: UnsharedInt64s;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: UnsharedUint64s;
  float16: Float16Data;
  float32: Float32Array;
  float64: Float64Array;
  longdouble: LongDoubleStore;
  complex64: Complex64Store;
  complex128: Complex128Store;
  clongdouble: CLongDoubleStore;
  bfloat16: BFloat16Store;
  bytes: BytesStore;
  str: StrStore;
  datetime64: DateTime64Store;
  timedelta64: TimeDelta64Store;
  void: VoidStore;
}

type Float8Stores = { [N in Float8Name]: Float8Store<N> };
