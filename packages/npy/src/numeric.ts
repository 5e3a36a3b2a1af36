// @bridge/npy/numeric: the functions of @bridge/npy/core that read and write arrays, for numbers alone, at half the size.
// Text, times, structures, objects and long doubles are refused with NPY_DESCR, and no value is converted.

export type { NpyView, TypedView, ViewLike } from './array/npy-view.ts';
export { decode, encode, encodeInto, encodeParts, readHeader } from './format/numbers-only.ts';

// Errors.

export type { NpyDetailByCode } from './error-detail.ts';
export { type AnyNpyError, isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';

// Types and stores that the functions use.

export type { NpyHeader, NpyVersion } from './header/header.ts';
export { BoolStore } from './stores/bool.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export type { NumberName } from './stores/number-stores.ts';
