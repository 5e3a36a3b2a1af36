// The one error class of this package, and its codes on one page.
// A code names what is wrong with the bytes, the array or the request; `fault` says who can mend it.
// Nothing else is thrown on purpose: a bare RangeError or TypeError out of this package is a bug. What a caller's own
// iterator or file system throws passes through untouched, and so does what a getter throws, where no function says otherwise.
import { boundedDetail, printable } from './text/quoted.ts';

/** What went wrong. Match on these; messages may change. */
export type NpyErrorCode =
  /** The bytes do not start with the magic string `\x93NUMPY`. */
  | 'NPY_NOT_NPY'
  /** The format version is not 1.0, 2.0 or 3.0. */
  | 'NPY_VERSION'
  /** The header text is not the dictionary literal that the format asks for. */
  | 'NPY_HEADER'
  /** The header's descr is no dtype, or one that this reader does not know. */
  | 'NPY_DESCR'
  /** The shape is negative, has too many dimensions, or its size overflows. */
  | 'NPY_SHAPE'
  /** A limit given in `limits` would be passed. */
  | 'NPY_LIMIT'
  /** The bytes end before the array does. */
  | 'NPY_TRUNCATED'
  /** The array has another dtype than the one asked for. */
  | 'NPY_DTYPE'
  /** A value cannot be held by the dtype it has to go into. */
  | 'NPY_VALUE'
  /** An object array, and no codec for objects was handed in. */
  | 'NPY_OBJECTS'
  /** An object array's pickle is damaged, or asks for a class, a function or an opcode that is not known here. */
  | 'NPY_PICKLE'
  /** The argument is no array, or its shape, strides and data do not fit together. */
  | 'NPY_ARRAY'
  /** The target of encodeInto is too small. */
  | 'NPY_TARGET'
  /** Options are no object, have a name that is not known, or a value of the wrong kind. */
  | 'NPY_OPTION'
  /** An element was asked for that a store does not have; it has none where its memory was transferred away. */
  | 'NPY_INDEX';

/** Who can mend it: the program that calls, or whoever made the bytes. */
export type NpyFault = 'caller' | 'data';

/** `cause`, and the fault where the code alone does not tell it: a descr may stand in a file or in the options. */
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

/** Characters of a message. Those of this package are shorter. */
const MAX_MESSAGE = 1000;

export class NpyError extends Error {
  override readonly name = 'NpyError';
  readonly code: NpyErrorCode;
  readonly fault: NpyFault;
  /** The values behind the message: what was expected, what came. Text in it is printable and short, as in the message. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(code: NpyErrorCode, message: string, detail: Record<string, unknown> = {}, options?: NpyErrorOptions) {
    super(printable(message, MAX_MESSAGE), options);
    this.code = code;
    this.fault = options?.fault ?? (CALLER.has(code) ? 'caller' : 'data');
    this.detail = boundedDetail(detail);
  }
}

/** Whether `error` was thrown by this package, in whichever copy of it; with `code`, whether it is that one. */
export function isNpyError(error: unknown, code?: NpyErrorCode): error is NpyError {
  return (
    error instanceof Error && error.name === 'NpyError' && (code === undefined || (error as NpyError).code === code)
  );
}
