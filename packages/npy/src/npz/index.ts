// @bridge/npy/npz: several arrays by name in one file or message, as np.savez writes them and np.load reads them. This entry
// has no dependencies.

export { type DecodeNpzOptions, decodeNpz, type NpzHeadersOptions, readNpzHeaders } from './decode-npz.ts';
export { type EncodeNpzOptions, encodeNpz, encodeNpzParts, type NpzArray, type NpzArrays } from './encode-npz.ts';
export type { NpzForm } from './zip-form.ts';

// Errors.

export type { NpyDetailByCode } from '../error-detail.ts';
export { type AnyNpyError, isNpyError, NpyError, type NpyErrorCode, type NpyFault } from '../errors.ts';
