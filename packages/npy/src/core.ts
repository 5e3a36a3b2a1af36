// @bridge/npy/core: the format on plain views. No dependencies, no eval, no new Function; runs under a strict CSP.

export type { BytesLike } from './arguments/bytes-like.ts';
export { defaultLimits, type Limits } from './arguments/limits.ts';
export type { Element } from './array/convert.ts';
export type { NpyView, ViewLike } from './array/npy-view.ts';
export type { Descr, FieldDescr, SubarrayDescr } from './dtype/descr.ts';
export {
  type ByteOrder,
  type DTypeName,
  type FixedDTypeName,
  isDTypeName,
  type SizedDTypeName,
} from './dtype/dtype.ts';
export type { TimeUnit, TimeUnitName } from './dtype/time-unit.ts';
export { dtypeOf, hasDType } from './dtype-set/all-dtypes.ts';
export { isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';
export { type DecodeOptions, decode } from './format/decode.ts';
export {
  type EncodeOptions,
  encode,
  encodeHeader,
  encodeInto,
  encodeParts,
  type HeaderOptions,
  type NpyParts,
} from './format/encode.ts';
export { decodeStream, IncrementalDecoder } from './format/incremental-decoder.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';
export { readHeader } from './header/read.ts';
export type { ObjectArray, ObjectCodec, StringDType } from './objects/object-codec.ts';
export { type NestedArray, toNested } from './operations/nested.ts';
export { BoolStore } from './stores/bool.ts';
export { BytesStore, VoidStore } from './stores/bytes.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export { CLongDoubleStore, LongDoubleStore } from './stores/longdouble.ts';
export { ObjectStore } from './stores/object.ts';
export { BFloat16Store, type Float8Name, Float8Store } from './stores/small-float.ts';
export type { RawArray, Store } from './stores/store.ts';
export { allocateStore } from './stores/store-table.ts';
export type { AnyStore, ElementOf, Float16Data, StoreByDType } from './stores/store-types.ts';
export { StrStore } from './stores/str.ts';
export { type StructElement, StructStore } from './stores/struct.ts';
export { DateTime64Store, TimeDelta64Store } from './stores/time.ts';
export { NAT, type ToDateOptions, toDate } from './stores/time-count.ts';
