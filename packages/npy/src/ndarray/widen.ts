// Conversions between typed arrays that cannot fail (uint8 to float32, float32 to float64 …). They need no check of each element and are
// one compiled loop of ndarray-ops. array/convert.ts makes all other conversions.
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import type { CheckedView } from '../array/npy-view.ts';
import type { DType, DTypeName } from '../dtype/dtype.ts';
import { contiguousStride, sizeOf } from '../layout/shape.ts';
import { allocateOf } from '../stores/store-table.ts';

/**
 * The most bits, without the sign, of integers all of which a dtype can hold. 64-bit integers are left out since they are bigints, and
 * float16 since not every runtime has a typed array for it.
 */
const WHOLE_BITS: Partial<Record<DTypeName, number>> = {
  int8: 7,
  uint8: 8,
  int16: 15,
  uint16: 16,
  int32: 31,
  uint32: 32,
  float32: 24,
  float64: 53,
};

/** Returns whether `to` can hold every value of `from`, and both are typed arrays of numbers. */
function holdsAll(from: DType, to: DType): boolean {
  const [bits, room] = [WHOLE_BITS[from.name], WHOLE_BITS[to.name]];
  if (bits === undefined || room === undefined || bits > room) return false;
  const kinds = from.kind + to.kind;
  return kinds !== 'iu' && kinds !== 'fi' && kinds !== 'fu';
}

/** Returns a C-contiguous copy in a dtype that can hold every value of the array's own; undefined for other dtypes. */
export function widen(view: CheckedView, type: DType): CheckedView | undefined {
  if (!holdsAll(view.type, type)) return undefined;
  const shape = [...view.shape];
  const data = allocateOf(type, sizeOf(shape));
  const stride = contiguousStride(shape, false);
  const target = ndarray(data as Float64Array, shape, stride, 0);
  const source = ndarray(view.data as Float64Array, shape, [...view.stride], view.offset);
  if (sizeOf(shape) > 0) ops.assign(target, source);
  return { dtype: type.name, type, data, shape, stride, offset: 0 };
}
