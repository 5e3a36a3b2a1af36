// Makes the stores of dtypes without parts, which are all but structures and objects. Their types are in simple-types.ts.
import type { DType } from '../dtype/dtype.ts';
import { GENERIC } from '../dtype/time-unit.ts';
import { BytesStore, VoidStore } from './bytes.ts';
import { CLongDoubleStore, LongDoubleStore } from './longdouble.ts';
import { numbersOver } from './number-stores.ts';
import type { SimpleStoreByDType } from './simple-types.ts';
import { BFloat16Store, type Float8Name, Float8Store } from './small-float.ts';
import { StrStore } from './str.ts';
import { DateTime64Store, TimeDelta64Store } from './time.ts';

type SimpleName = keyof SimpleStoreByDType;

/** A store of a dtype without parts. */
export type SimpleStore = SimpleStoreByDType[SimpleName];

/** Makes a store of `length` elements over memory that is aligned to the dtype's words. */
type MakeStore<S> = (buffer: ArrayBuffer, byteOffset: number, length: number, type: DType) => S;

const bytesAt = (b: ArrayBuffer, o: number, n: number, { itemsize }: DType): Uint8Array =>
  new Uint8Array(b, o, n * itemsize);

const over = {
  ...numbersOver,
  longdouble: (b, o, n, t) => new LongDoubleStore(bytesAt(b, o, n, t)),
  clongdouble: (b, o, n, t) => new CLongDoubleStore(bytesAt(b, o, n, t)),
  bfloat16: (b, o, n) => new BFloat16Store(new Uint16Array(b, o, n)),
  bytes: (b, o, n, t) => new BytesStore(t.itemsize, bytesAt(b, o, n, t), n),
  str: (b, o, n, t) => new StrStore(t.itemsize / 4, new Uint32Array(b, o, (n * t.itemsize) / 4), n),
  datetime64: (b, o, n, t) => new DateTime64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  timedelta64: (b, o, n, t) => new TimeDelta64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  void: (b, o, n, t) => new VoidStore(t.itemsize, bytesAt(b, o, n, t), n),
} satisfies { [D in Exclude<SimpleName, Float8Name>]: MakeStore<SimpleStoreByDType[D]> };

const stores: { readonly [name: string]: MakeStore<SimpleStore> | undefined } = over;

const float8Over: MakeStore<Float8Store> = (b, o, n, { name }) =>
  new Float8Store(name as Float8Name, new Uint8Array(b, o, n));

/** Makes a store over bytes of native order; `byteOffset` is aligned, and the dtype has no parts. */
export function simpleOver(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): SimpleStore {
  const make: MakeStore<SimpleStore> = stores[type.name] ?? float8Over;
  // Cast: the constructors' types name ArrayBuffer, as ndarray's types do. A SharedArrayBuffer works as well.
  return make(buffer as ArrayBuffer, byteOffset, length, type);
}
