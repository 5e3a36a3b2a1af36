// The table from dtype to store type, for dtypes without parts. The tables that make the stores must satisfy it: native-numbers.ts and
// simple.ts.
import type { UnsharedInt64s, UnsharedUint64s } from '../memory/unshared.ts';
import type { BoolStore } from './bool.ts';
import type { BytesStore, VoidStore } from './bytes.ts';
import type { Complex64Store, Complex128Store } from './complex.ts';
import type { Float16Store } from './float16.ts';
import type { CLongDoubleStore, LongDoubleStore } from './longdouble.ts';
import type { BFloat16Store, Float8Name, Float8Store } from './small-float.ts';
import type { StrStore } from './str.ts';
import type { DateTime64Store, TimeDelta64Store } from './time.ts';

/** The type of the runtime's Float16Array, if the TypeScript libraries in use have one. */
type NativeFloat16Array = typeof globalThis extends { Float16Array: new (...args: never) => infer T } ? T : never;

/** The store of `float16`: the runtime's Float16Array if it has one, else a Float16Store. */
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
