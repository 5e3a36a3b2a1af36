// The one error class of this package, and all of its codes.
// A code names what is wrong with the bytes, the array or the options. `fault` says if the calling program can fix it or only the author
// of the bytes.
// Any other error that this package's own code throws is a bug. Errors of a caller's iterator, getter or file system pass through
// unchanged.
import type { NpyDetailByCode } from './error-detail.ts';
import { boundedDetail, printable } from './text/quoted.ts';
import type { Guarded, OneSided } from './types/type-guards.ts';

/** The kind of an error. Compare codes and not messages, which may change. */
export type NpyErrorCode =
  /** The bytes do not start with the magic string `\x93NUMPY`. */
  | 'NPY_NOT_NPY'
  /** The format version is not 1.0, 2.0 or 3.0. */
  | 'NPY_VERSION'
  /** The header text is not the dictionary literal that the format asks for. */
  | 'NPY_HEADER'
  /** A descr, of a header or of a caller, is not a dtype, or is one that this package does not know. */
  | 'NPY_DESCR'
  /** The shape is negative, has too many dimensions, or its size overflows. */
  | 'NPY_SHAPE'
  /** A limit would be exceeded, or the runtime cannot allocate that much memory. */
  | 'NPY_LIMIT'
  /** The bytes end before the array does. */
  | 'NPY_TRUNCATED'
  /** The array has another dtype than the one asked for. */
  | 'NPY_DTYPE'
  /** A value does not fit the dtype in which it is to be stored. */
  | 'NPY_VALUE'
  /** The array is an object array, and no codec for objects was given. */
  | 'NPY_OBJECTS'
  /** A pickle is damaged, is not an array, or names a class, function or opcode that this reader does not know. */
  | 'NPY_PICKLE'
  /** A .npz archive is damaged, has a compressed or encrypted member, lacks an array that was asked for, or cannot hold the name of one. */
  | 'NPY_ARCHIVE'
  /** The argument is not an array, or its shape, strides and data do not fit together. */
  | 'NPY_ARRAY'
  /** The target of encodeInto is too small, or not bytes. */
  | 'NPY_TARGET'
  /** The options are not an object, have an unknown name, or a value of the wrong kind. */
  | 'NPY_OPTION'
  /** The index is outside of the store. A store whose memory was transferred away has no elements. */
  | 'NPY_INDEX';

/** The party that can fix the error: the calling program, or the author of the bytes. */
export type NpyFault = 'caller' | 'data';

/** The `cause`, and the fault if the code alone does not determine it: a descr may come from a file or from the options. */
export interface NpyErrorOptions extends ErrorOptions {
  readonly fault?: NpyFault;
}

const CALLER: ReadonlySet<NpyErrorCode> = new Set([
  'NPY_DTYPE',
  'NPY_VALUE',
  'NPY_ARRAY',
  'NPY_TARGET',
  'NPY_OBJECTS',
  'NPY_OPTION',
  'NPY_INDEX',
]);

/** The most characters of a message, which is cut behind them. The messages of this package are shorter. */
const MAX_MESSAGE_LENGTH = 1000;

/** The last arguments of the constructor: the detail and the options. A detail may be left out if all of its properties are optional. */
type DetailThenOptions<D> =
  Record<never, never> extends D ? [detail?: D, options?: NpyErrorOptions] : [detail: D, options?: NpyErrorOptions];

/** An error of this package. The code determines the type of the detail: that of `NpyError<'NPY_DTYPE'>` has `expected` and `actual`. */
export class NpyError<C extends NpyErrorCode = NpyErrorCode> extends Error {
  override readonly name = 'NpyError';
  /** The kind of the error. */
  readonly code: C;
  /** The party that can fix the error. */
  readonly fault: NpyFault;
  /** The values in the message, such as `expected` and `actual`. Strings are printable and short, as in the message. */
  readonly detail: NpyDetailByCode[C];

  constructor(code: C, message: string, ...rest: DetailThenOptions<NpyDetailByCode[C]>);
  constructor(code: C, message: string, detail: object = {}, options?: NpyErrorOptions) {
    super(printable(message, MAX_MESSAGE_LENGTH), options);
    this.code = code;
    this.fault = options?.fault ?? (CALLER.has(code) ? 'caller' : 'data');
    // Cast: the signature above, which callers see, has checked the detail against the code.
    this.detail = boundedDetail(detail) as NpyDetailByCode[C];
  }

  /** Tells the compiler that `instanceof` narrows as `isNpyError` does. */
  declare static readonly [Symbol.hasInstance]: (value: unknown) => value is AnyNpyError;
}

/**
 * An error of one of the codes `C`. A comparison of its `code` tells the compiler the type of its `detail`.
 * @example
 * function complain(error: AnyNpyError) {
 *   if (error.code === 'NPY_DTYPE') console.log(error.detail.actual);
 * }
 */
export type AnyNpyError<C extends NpyErrorCode = NpyErrorCode> = { [K in C]: NpyError<K> }[C];

/**
 * Returns whether `error` is an error of any copy of this package, and has the code if one is given.
 * @example
 * if (isNpyError(error, 'NPY_TRUNCATED')) console.log(error.detail.received);
 */
export function isNpyError<C extends NpyErrorCode>(error: unknown, code: C): error is Guarded<AnyNpyError<C>, C>;
export function isNpyError(error: unknown, code: NpyErrorCode | undefined): error is OneSided<AnyNpyError>;
export function isNpyError(error: unknown): error is AnyNpyError;
export function isNpyError(error: unknown, code?: NpyErrorCode): boolean {
  // `errors.filter(isNpyError)` passes an index as the second argument, so that anything but a string means any code.
  const isAny = typeof code !== 'string';
  return error instanceof Error && error.name === 'NpyError' && (isAny || (error as NpyError).code === code);
}
