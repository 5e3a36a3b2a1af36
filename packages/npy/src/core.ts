// @bridge/npy/core: reads and writes NumPy's .npy format, with plain views: { dtype, shape, stride, offset, data }. This entry has no
// dependencies and makes no code from strings, so that it runs under a strict Content Security Policy. The exports are in the order in
// which users need them.

// Reading and writing.

export type { NpyView, TypedView, ViewLike } from './array/npy-view.ts';
export { type DecodeOptions, decode } from './format/decode.ts';
export { type DataOptions, decodeData } from './format/decode-data.ts';
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
export { type PreparedArray, prepareArray } from './format/prepare.ts';

// Options and limits.

export type { ByteStream } from './arguments/byte-stream.ts';
export type { BytesLike } from './arguments/bytes-like.ts';
export { defaultLimits, type Limits } from './arguments/limits.ts';

// Errors.

export type { NpyDetailByCode } from './error-detail.ts';
export { type AnyNpyError, isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';

// The header alone.

export { readHeader } from './format/read-header.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';

// Elements in other forms.

export type { Element } from './array/convert.ts';
export { type NestedArray, toNested } from './operations/nested.ts';
export { NAT, type ToDateOptions, toDate } from './stores/time-count.ts';

// Dtypes and how they are spelled.

export type { Descr, FieldDescr, SubarrayDescr } from './dtype/descr.ts';
export {
  type ByteOrder,
  type DTypeName,
  type FixedDTypeName,
  isDTypeName,
  type SizedDTypeName,
} from './dtype/dtype.ts';
export type { StringDType } from './dtype/stringdtype.ts';
export type { TimeUnit, TimeUnitName } from './dtype/time-unit.ts';
export { dtypeOf, hasDType } from './dtype-set/all-dtypes.ts';

// Stores, which hold the elements that no typed array can hold.

export { BoolStore } from './stores/bool.ts';
export { BytesStore, VoidStore } from './stores/bytes.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export { CLongDoubleStore, LongDoubleStore } from './stores/longdouble.ts';
export { ObjectStore } from './stores/object-store.ts';
export { BFloat16Store, type Float8Name, Float8Store } from './stores/small-float.ts';
export type { RawArray, Store } from './stores/store-contract.ts';
export { allocateStore } from './stores/store-table.ts';
export type { AnyStore, ElementOf, Float16Data, StoreByDType } from './stores/store-types.ts';
export { StrStore } from './stores/str.ts';
export { type StructElement, StructStore } from './stores/struct.ts';
export { DateTime64Store, TimeDelta64Store } from './stores/time.ts';

// Types for programs that have a codec of their own for object arrays: it reads and writes their pickles.

export type { ObjectArray, ObjectCodec } from './objects/object-codec.ts';
