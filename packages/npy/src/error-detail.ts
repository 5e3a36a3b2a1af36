// The types of an error's detail, by the error's code. text/quoted.ts makes the values safe to print: strings are printable and short, long
// lists and records are cut, and other objects are replaced by the name of their class.
import type { DTypeName } from './types/dtype-name.ts';

/** The `detail` of each code. An optional property is present only if it says something about the error. */
export interface NpyDetailByCode {
  NPY_NOT_NPY: NotNpyDetail;
  NPY_VERSION: VersionDetail;
  NPY_HEADER: HeaderDetail;
  NPY_DESCR: DescrDetail;
  NPY_SHAPE: ShapeDetail;
  NPY_LIMIT: LimitDetail;
  NPY_TRUNCATED: TruncatedDetail;
  NPY_DTYPE: DTypeDetail;
  NPY_VALUE: ValueDetail;
  NPY_OBJECTS: ObjectsDetail;
  NPY_PICKLE: PickleDetail;
  NPY_ARCHIVE: ArchiveDetail;
  NPY_ARRAY: ArrayDetail;
  NPY_TARGET: TargetDetail;
  NPY_OPTION: OptionDetail;
  NPY_INDEX: IndexDetail;
}

interface InFile {
  /** The path of the file, in errors of `load` and `save` of `@bridge/npy/node`. */
  readonly path?: string;
  /** The member of an archive, in errors of `@bridge/npy/npz`. */
  readonly member?: string;
}

/** An option or a limit that has a wrong value. */
interface WrongOption {
  /** The name of the option or the limit. */
  readonly name?: string;
  /** The wrong value. */
  readonly value?: unknown;
}

interface NotNpyDetail extends InFile {
  /** The first bytes, in hexadecimal: `'50 4b 03 04 14 00'`. */
  readonly found: string;
}

interface VersionDetail extends InFile {
  /** The major version in a file. */
  readonly major?: number;
  /** The minor version in a file; undefined if the bytes end before it. */
  readonly minor?: number | undefined;
  /** The version that was asked for. */
  readonly version?: unknown;
}

interface HeaderDetail extends InFile, WrongOption {
  readonly expected?: string;
  readonly found?: string;
  /** The position of `found` in the header's text, in characters. */
  readonly at?: number;
  /** The keys of the dictionary. */
  readonly keys?: readonly string[];
  /** The version that was asked for. */
  readonly version?: unknown;
  /** The number of characters of the header's text. */
  readonly characters?: number;
}

interface DescrDetail extends InFile {
  /** The descr in a file, or of a caller. */
  readonly descr?: unknown;
  /** The dtype that was asked for. */
  readonly dtype?: unknown;
  /** The fields of a structured dtype. */
  readonly fields?: unknown;
  /** The unit of time. */
  readonly unit?: string;
}

interface ShapeDetail extends InFile {
  readonly shape?: readonly number[];
  /** Bytes of an element. */
  readonly itemsize?: number;
  /** The number of dimensions of the array. */
  readonly axes?: number;
  /** The most dimensions that an array may have. */
  readonly expected?: number;
  /** A dimension in a header; `'bigint'` if it has more than 256 bits. */
  readonly dimension?: bigint | string;
}

interface LimitDetail extends InFile, WrongOption {
  /** The number of characters of the header's text, or of a member's name. */
  readonly characters?: number;
  readonly maxHeaderCharacters?: number;
  /** The number of elements of the array. */
  readonly elements?: number;
  readonly maxElements?: number;
  /** The number of bytes of the data, or of bytes that could not be allocated. */
  readonly bytes?: number;
  readonly maxBytes?: number;
  readonly shape?: readonly number[];
  /** The number of values and lists that would be made of `bytes`. */
  readonly parts?: number;
  readonly maxParts?: number;
  /** The byte of a pickle at which a value of `actual` bytes starts. */
  readonly position?: number;
  /** The most bytes that a value may have. */
  readonly expected?: number;
  readonly actual?: number;
}

interface TruncatedDetail extends InFile {
  /** The part of the file in which the bytes end. */
  readonly part: 'header' | 'data' | 'pickle';
  /** The number of bytes that have arrived. */
  readonly received: number;
  /** The number of bytes that were expected, if that is known. */
  readonly expected?: number | undefined;
  /** The byte of a pickle from which on `received` and `expected` count. */
  readonly position?: number;
}

interface DTypeDetail extends InFile {
  readonly expected: DTypeName;
  readonly actual: DTypeName;
  /** The descr of the array, if it comes from a file. */
  readonly descr?: unknown;
}

interface ValueDetail extends InFile {
  /** The value that does not fit. */
  readonly value?: unknown;
  /** The dtype that the value does not fit into. */
  readonly dtype?: string;
  /** Bytes of an element. */
  readonly itemsize?: number;
  /** The number of characters of an element. */
  readonly width?: number;
  /** The unit of time, or an invalid code point. */
  readonly unit?: unknown;
  /** The unit of a time that is not a whole number of the unit `to`. */
  readonly from?: unknown;
  readonly to?: unknown;
  /** The field of a structure that has no value. */
  readonly field?: string;
  /** The field that was asked for. */
  readonly name?: unknown;
  /** The fields that exist. */
  readonly names?: readonly string[];
  /** The number of values that were expected. */
  readonly expected?: number;
  /** The number of values that were found. */
  readonly actual?: number;
  /** The shape of a field that is an array. */
  readonly shape?: readonly number[];
  /** The axis on which something is wrong. */
  readonly axis?: number;
  /** The descr of the array. */
  readonly descr?: unknown;
}

interface ObjectsDetail extends InFile, WrongOption {
  /** The array's dtype: `'|O'`, or fields. */
  readonly descr?: unknown;
  /** The value that the codec returned, if that is not an array. */
  readonly answer?: unknown;
}

interface PickleDetail extends InFile {
  /** The opcode at which the error occurred. */
  readonly opcode?: string;
  /** The byte at which the opcode starts. */
  readonly position?: number;
  /** The class or function that is unknown. */
  readonly global?: string;
  /** The value that was called and cannot be called. */
  readonly callable?: string;
  /** The unknown name of a dtype. */
  readonly dtype?: unknown;
  /** The kind of value that was found in place of an array: `'a dict'`. */
  readonly found?: string;
  /** The most opcodes that the pickle of an array may have. */
  readonly maxOpcodes?: number;
  /** The encoding in which a `str` of Python 2 was read. */
  readonly encoding?: string;
}

interface ArchiveDetail extends InFile {
  /** The number of the method by which a member is compressed. */
  readonly method?: number;
  /** The byte of the archive at which something is wrong. */
  readonly position?: number;
  /** The number of bytes of the archive. */
  readonly bytes?: number;
  /** The names of arrays that the archive has. */
  readonly names?: readonly string[];
  /** The number that was expected, such as a checksum or a count of members. */
  readonly expected?: number;
  readonly actual?: number;
}

interface ArrayDetail extends InFile {
  /** The kind of value that was found in place of an array or of bytes. */
  readonly found?: string;
  /** The kinds of values in a list that have no common dtype. */
  readonly kinds?: readonly string[];
  /** Advice to the caller. */
  readonly hint?: string;
  /** The array's shape, stride, offset, length or memory, as they were given. */
  readonly shape?: unknown;
  readonly stride?: unknown;
  readonly offset?: unknown;
  readonly length?: unknown;
  readonly raw?: unknown;
  /** The axis on which something is wrong. */
  readonly axis?: number;
  /** The number of dimensions of the array. */
  readonly axes?: number;
  /** Bytes of an element. */
  readonly itemsize?: number;
  /** The number of elements, the shape or the dtype that was expected. */
  readonly expected?: unknown;
  /** The number, shape or dtype that was found. */
  readonly actual?: unknown;
  /** The name of a property of the array that is not understood. */
  readonly name?: string;
  /** The value of that property. */
  readonly value?: unknown;
}

interface TargetDetail extends InFile {
  /** The number of bytes that the array takes. */
  readonly expected: number;
  /** The number of bytes of the target of encodeInto; left out if the target is not bytes. */
  readonly actual?: number;
}

interface OptionDetail extends InFile, WrongOption {
  /** The names of the options that exist. */
  readonly names?: readonly string[];
}

interface IndexDetail extends InFile {
  /** The index that was asked for. */
  readonly index: unknown;
  /** The number of elements in the store. */
  readonly length: number;
}
