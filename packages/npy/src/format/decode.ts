// Decodes bytes to an array: reads the header, checks that all of the data is there, and makes a view of the data.
// Aligned data in the machine's byte order becomes a view; other data is copied once.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import type { Limits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { NpyView, TypedView } from '../array/npy-view.ts';
import { checkDTypeName, type DType, type DTypeName, dtypeNamed, fixedTypes, isFixedName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import type { DTypeSet } from '../dtype-set/dtype-set.ts';
import { NpyError } from '../errors.ts';
import { readTypedHeader, type TypedHeader } from '../header/read.ts';
import { contiguousStride, sizeOf } from '../layout/shape.ts';
import { copyBytes } from '../memory/allocate.ts';
import type { ObjectCodec } from '../objects/object-codec.ts';
import { checkCodec, decodeObjects } from '../objects/object-data.ts';
import type { PythonLiteral } from '../python/literal.ts';
import { alignmentOf } from '../stores/number-stores.ts';

/** Options of `decode`. */
export interface DecodeOptions<D extends DTypeName = DTypeName> {
  /**
   * The dtype that the array must have; any other is refused with NPY_DTYPE. Narrows the result's type. The short floats of
   * ml_dtypes (`bfloat16`, `float8_…`) must be asked for, since a file says only their size.
   */
  readonly dtype?: D;
  /** `false` (default): a view of the given bytes if they are aligned and in native byte order. `true`: always fresh memory. */
  readonly copy?: boolean;
  /** The codec for object arrays, which are pickles: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
  /** Limits on the array. */
  readonly limits?: Partial<Limits>;
}

/**
 * Decodes one array as np.load does, to a plain view. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE,
 *   NPY_OBJECTS, NPY_OPTION, NPY_ARRAY; any error of the codec for objects, such as NPY_PICKLE
 * @example
 * const { data, shape } = decode(bytes, { dtype: 'float32' }); // data: Float32Array
 */
export function decode<D extends DTypeName = DTypeName>(bytes: BytesLike, options?: DecodeOptions<D>): NpyView<D> {
  const file = asBytes(bytes);
  const header = readAnyHeader(file, checkDecodeOptions(options));
  if (header?.type.name !== 'object') return decodeBody(allDTypes, header, file, options);
  const { objects, limits } = options ?? {};
  return decodeObjects(header.descr, file.subarray(header.dataOffset), objects, limits) as NpyView<D>;
}

const DECODE_OPTIONS = ['dtype', 'copy', 'objects', 'limits'];

/** Checks the options of `decode`, except for dtype and limits, which are checked later. @throws NpyError NPY_OPTION */
export function checkDecodeOptions<O extends DecodeOptions>(
  options: O | undefined | null,
  names: readonly string[] = DECODE_OPTIONS,
): O | undefined {
  const given = checkOptions(options, names);
  if (given) {
    const { copy, objects } = given;
    checkOption(copy, 'copy', typeof copy === 'boolean', 'true or false');
    checkCodec(objects, 'decode');
  }
  return given;
}

/** Reads a header of any dtype, and checks it against the dtype asked for. @throws what `readHeader` throws; NpyError NPY_DTYPE */
export function readAnyHeader(file: Uint8Array, options: DecodeOptions | undefined | null): TypedHeader | undefined {
  const { dtype, limits } = options ?? {};
  const expected = dtype === undefined || dtype === null ? undefined : checkDTypeName(dtype);
  const isShortFloat = expected !== undefined && isFixedName(expected) && fixedTypes[expected].kind === 'V';
  const header = readTypedHeader(
    file,
    limits,
    isShortFloat ? { ...allDTypes, parse: (descr) => parseShortFloat(descr, expected) } : allDTypes,
  );
  return header && checkDType(header, expected);
}

/**
 * Parses the descr of a short float of ml_dtypes that the caller asked for. In some files the descr is the float's name, and that of
 * float8_e5m2 is `<f1`. NumPy knows neither.
 */
function parseShortFloat(descr: PythonLiteral, expected: DTypeName): DType {
  // A literal that is not a string becomes a string that names no short float.
  const [, mark, name = ''] = /^([<>=|]?)(\w+)$/.exec(String(descr)) ?? [];
  if (name === 'f1' && expected === 'float8_e5m2') return dtypeNamed(expected);
  // ml_dtypes called float8_e4m3b11fnuz float8_e4m3b11 at first.
  const known = name === 'float8_e4m3b11' ? 'float8_e4m3b11fnuz' : name;
  const type = isFixedName(known) ? dtypeNamed(known, mark === '>' || mark === '<' ? mark : undefined) : undefined;
  return type?.kind === 'V' ? type : allDTypes.parse(descr);
}

/** Decodes the array behind a header, which is undefined if the file ends inside it. @throws NpyError NPY_TRUNCATED */
export function decodeBody<D extends DTypeName>(
  dtypes: DTypeSet,
  header: TypedHeader | undefined,
  file: Uint8Array,
  options: DecodeOptions<D> | undefined | null,
): NpyView<D> {
  if (!header) throw truncated('header', file.length);
  const end = header.dataOffset + header.dataBytes;
  if (file.length < end) throw truncated('data', file.length, end);
  return viewOf(dtypes, header, file, options?.copy ?? false) as NpyView<D>;
}

/**
 * Checks the header's dtype against the one asked for.
 * @returns the header; with the dtype asked for if that is a short float, and the header says raw bytes of its size
 * @throws NpyError NPY_DTYPE
 */
export function checkDType(header: TypedHeader, expected: DTypeName | undefined): TypedHeader {
  const { dtype, descr, type } = header;
  if (expected === undefined || expected === dtype) return header;
  if (dtype === 'void' && isFixedName(expected)) {
    const shortFloat = dtypeNamed(expected);
    if (shortFloat.kind === 'V' && shortFloat.itemsize === type.itemsize) return { ...header, type: shortFloat };
  }
  throw new NpyError(
    'NPY_DTYPE',
    `npy: expected ${expected}, the array is ${dtype}${typeof descr === 'string' ? ` (${descr})` : ''}`,
    {
      expected,
      actual: dtype,
      descr,
    },
  );
}

/** Returns a view of the data behind the header. */
export function viewOf(
  dtypes: DTypeSet,
  header: Pick<TypedHeader, 'type' | 'shape' | 'fortranOrder' | 'dataOffset' | 'dataBytes'>,
  file: Uint8Array,
  copy: boolean,
): TypedView {
  const { type, shape, fortranOrder, dataOffset, dataBytes } = header;
  const foreign = dtypes.isForeign(type);
  let { buffer } = file;
  let byteOffset = file.byteOffset + dataOffset;
  if (copy || foreign || byteOffset % alignmentOf(type) !== 0) {
    const body = copyBytes(file.subarray(dataOffset, dataOffset + dataBytes));
    if (foreign) dtypes.toNative(body, type);
    ({ buffer, byteOffset } = body);
  }
  return {
    dtype: type.name,
    shape: [...shape],
    stride: contiguousStride(shape, fortranOrder),
    offset: 0,
    data: dtypes.over(dtypes.native(type), buffer, byteOffset, sizeOf(shape)),
  };
}

/** Returns the error for bytes that end inside the header or the data. */
export function truncated(part: 'header' | 'data', received: number, expected?: number): NpyError {
  const of = expected === undefined ? '' : ` of ${expected}`;
  return new NpyError('NPY_TRUNCATED', `npy: the bytes end inside the ${part}, after ${received}${of} bytes`, {
    part,
    received,
    expected,
  });
}
