// @bridge/npy/core: the format on plain views. No dependencies, no eval, no new Function; runs under a strict CSP.

export { dtypeOf, hasDType } from './all-dtypes.ts';
export type { BytesLike } from './bytes.ts';
export type { Element } from './convert.ts';
export { type DecodeOptions, decode } from './decode.ts';
export type { Descr, FieldDescr, SubarrayDescr } from './dtype/descr.ts';
export {
  type ByteOrder,
  type DTypeName,
  type FixedDTypeName,
  isDTypeName,
  type SizedDTypeName,
} from './dtype/dtype.ts';
export type { TimeUnit, TimeUnitName } from './dtype/time-unit.ts';
export {
  type EncodeOptions,
  encode,
  encodeHeader,
  encodeInto,
  encodeParts,
  type HeaderOptions,
  type NpyParts,
} from './encode.ts';
export { isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';
export { readHeader } from './header/read.ts';
export { decodeStream, IncrementalDecoder } from './incremental.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type NestedArray, toNested } from './nested.ts';
export type { ObjectArray, ObjectCodec, StringDType } from './object-codec.ts';
export { BoolStore } from './stores/bool.ts';
export { BytesStore, VoidStore } from './stores/bytes.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export { NAT, type ToDateOptions, toDate } from './stores/instant.ts';
export { CLongDoubleStore, LongDoubleStore } from './stores/longdouble.ts';
export { ObjectStore } from './stores/object.ts';
export { BFloat16Store, type Float8Name, Float8Store } from './stores/small-float.ts';
export type { RawArray, Store } from './stores/store.ts';
export type { AnyStore, ElementOf, Float16Data, StoreByDType } from './stores/store-types.ts';
export { StrStore } from './stores/str.ts';
export { type StructElement, StructStore } from './stores/struct.ts';
export { allocateStore } from './stores/table.ts';
export { DateTime64Store, TimeDelta64Store } from './stores/time.ts';
export type { NpyView, ViewLike } from './view.ts';
