// @bridge/npy: NumPy's .npy format in terms of the ndarray package.

export type { Element } from './convert.ts';
export type { DecodeOptions } from './decode.ts';
export type { Descr } from './dtype/descr.ts';
export type { ByteOrder, DTypeName } from './dtype/dtype.ts';
export type { EncodeOptions, NpyParts } from './encode.ts';
export { isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';
export { readHeader } from './header/read.ts';
export { defaultLimits, type Limits } from './limits.ts';
export {
  type AnyNdArray,
  type ArrayInput,
  type ArrayOptions,
  array,
  decode,
  decodeStream,
  encode,
  encodeInto,
  encodeParts,
  type NdArrayOf,
} from './ndarray.ts';
export { type Nested, type NestedArray, toNested } from './nested.ts';
export { BoolStore } from './stores/bool.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export type { RawArray, Store } from './stores/store.ts';
export { type AnyStore, allocateStore, type ElementOf, type Float16Data, type StoreByDType } from './stores/table.ts';
export { dtypeOf } from './view.ts';
