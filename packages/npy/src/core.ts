// @bridge/npy/core: the format on plain views. No dependencies, no eval, no new Function; runs under a strict CSP.

export type { Element } from './convert.ts';
export { type DecodeOptions, decode } from './decode.ts';
export type { Descr } from './dtype/descr.ts';
export type { ByteOrder, DTypeName } from './dtype/dtype.ts';
export { type EncodeOptions, encode, encodeInto, encodeParts, type NpyParts } from './encode.ts';
export { isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';
export { readHeader } from './header/read.ts';
export { decodeStream, IncrementalDecoder } from './incremental.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { fromNested, type Nested, type NestedArray, toNested } from './nested.ts';
export { BoolStore } from './stores/bool.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export type { RawArray, Store } from './stores/store.ts';
export { type AnyStore, allocateStore, type ElementOf, type Float16Data, type StoreByDType } from './stores/table.ts';
export { dtypeOf, type NpyView, type ViewLike } from './view.ts';
