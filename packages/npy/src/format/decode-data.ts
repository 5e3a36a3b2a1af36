// Decodes data without a header. The caller knows its dtype, shape and order from elsewhere, for example from JSON. The counterpart is
// encodeHeader of encode.ts, which writes a header without data.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { NpyView } from '../array/npy-view.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { sizeOf } from '../layout/shape.ts';
import { type DecodeOptions, truncated, viewOf } from './decode.ts';
import { checkHeaderOptions, type HeaderOptions } from './encode.ts';

/** The dtype, shape and order of data without a header. */
export type DataOptions<D extends DTypeName = DTypeName> = Pick<HeaderOptions, 'descr' | 'fortranOrder' | 'shape'> & {
  /** The dtype by name, or as a descr with byte order. */
  readonly dtype?: D | HeaderOptions['dtype'];
} & Pick<DecodeOptions, 'copy'>;

const DATA_OPTIONS = ['dtype', 'descr', 'fortranOrder', 'shape', 'copy'];

/**
 * Decodes bare elements, as NumPy's `tobytes()` returns them. Bytes behind the last element are ignored.
 *
 * @param options the dtype (or descr), the shape, and the order, as `readHeader` returns them
 * @returns a view of `bytes` if they are aligned and in native byte order, unless `copy: true`
 * @throws NpyError NPY_DESCR for an invalid dtype, or one without a width; NPY_ARRAY for an invalid shape; NPY_TRUNCATED if
 *   bytes are missing; NPY_OBJECTS for objects, whose data is a pickle; NPY_OPTION
 * @example
 * const picture = decodeData(bytes, { dtype: 'uint8', shape: [480, 640, 3] });
 */
export function decodeData<D extends DTypeName = DTypeName>(bytes: BytesLike, options: DataOptions<D>): NpyView<D> {
  const { copy = false, ...header } = checkOptions(options, DATA_OPTIONS) ?? ({} as DataOptions<D>);
  checkOption(copy, 'copy', typeof copy === 'boolean', 'true or false');
  const { type, shape, fortranOrder } = checkHeaderOptions(header as HeaderOptions);
  if (type.name === 'object')
    throw new NpyError(
      'NPY_OBJECTS',
      'npy: the data of an object array is a pickle: decode a whole .npy file, with { objects: pickle }',
    );
  const file = asBytes(bytes);
  const dataBytes = sizeOf(shape) * type.itemsize;
  if (file.length < dataBytes) throw truncated('data', file.length, dataBytes);
  const place = { type, shape, fortranOrder, dataOffset: 0, dataBytes };
  return viewOf(allDTypes, place, file, copy) as NpyView<D>;
}
