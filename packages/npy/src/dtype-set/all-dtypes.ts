// The set of all dtypes, and functions on arrays of any dtype.
import { convertInto } from '../array/convert.ts';
import type { DTypeOf } from '../array/dtype-of.ts';
import {
  type CheckedView,
  checkElementCount,
  checkView,
  type NpyView,
  type TypedView,
  type ViewLike,
} from '../array/npy-view.ts';
import { descrOf, isSameLayout, parseDescr, reprDescr } from '../dtype/descr.ts';
import { checkDTypeName, type DType, type DTypeName, isForeign, nativeType } from '../dtype/dtype.ts';
import { kindOfBytes } from '../header/other-formats.ts';
import { readPlainDictionary } from '../header/plain-dictionary.ts';
import { swapForeign } from '../layout/byteswap.ts';
import { clearPadding, hasLongDouble } from '../layout/longdouble-padding.ts';
import { sizeOf } from '../layout/shape.ts';
import { reviveObjects } from '../objects/object-data.ts';
import { cannotHold } from '../stores/check-value.ts';
import { reviveBytes } from '../stores/clone.ts';
import type { ObjectStore } from '../stores/object-store.ts';
import { allocateOf, dtypeOfStore, parseDType, storeOver } from '../stores/store-table.ts';
import type { AnyStore, StoreByDType } from '../stores/store-types.ts';
import { widthOf } from '../stores/text-and-bytes-width.ts';
import { convertCount } from '../stores/time-count.ts';
import { casterTo } from '../stores/value-cast.ts';
import { latin1 } from '../text/latin1.ts';
import type { Guarded } from '../types/type-guards.ts';
import type { DTypeSet } from './dtype-set.ts';

/** The set of all dtypes. */
export const allDTypes: DTypeSet = {
  readPlain: readPlainDictionary,
  kindOfBytes,
  parse: (descr) => parseDescr(descr),
  named: resolveDType,
  typeOf: dtypeOfStore,
  revive: (clone) => reviveObjects(clone) ?? reviveBytes(clone, allDTypes),
  over: storeOver,
  descrOf,
  repr: reprDescr,
  native: nativeType,
  isSame: isSameData,
  isForeign,
  hasLongDouble,
  toNative: swapForeign,
  fromNative(bytes, type) {
    if (hasLongDouble(type)) clearPadding(bytes, type);
    swapForeign(bytes, type);
  },
  convert,
};

/** Returns the dtype that a caller names or spells. A missing width is that of `astype`: text of five characters becomes five bytes. */
export function resolveDType(dtype: unknown, source?: CheckedView): DType {
  const type = parseDType(dtype);
  const { name, itemsize, unit } = type;
  if (source?.type.unit && unit?.name === 'generic' && source.type.kind === type.kind)
    return { ...type, unit: source.type.unit };
  if (!source || itemsize > 0 || !(name === 'str' || name === 'bytes' || name === 'void')) return type;
  const { kind, itemsize: bytes } = source.type;
  if (kind === 'O') return { ...type, itemsize: widthOf(name, (source.data as ObjectStore).raw) };
  const units = kind === 'U' ? bytes / 4 : kind === 'S' || kind === 'V' ? bytes : 0;
  return { ...type, itemsize: name === 'str' ? 4 * units : units };
}

/** Returns whether elements of dtype `b` are written as dtype `a` without conversion. All objects are, and short floats as raw bytes. */
function isSameData(a: DType, b: DType): boolean {
  if (a.name === 'object' || b.name === 'object') return a.name === b.name;
  const raw = a.kind === 'V' && b.kind === 'V' && !a.fields && !b.fields;
  return raw ? a.itemsize === b.itemsize && (a.name === 'void' || a.name === b.name) : isSameLayout(a, b);
}

/**
 * Returns a C-contiguous copy of `view`, in another dtype or in its own. Times change their unit if the result is the same instant;
 * stores/value-cast.ts converts all other values.
 * @throws NpyError NPY_VALUE if an element does not fit
 */
export function convert(view: CheckedView, type: DType): CheckedView {
  const isSame = type.name !== 'object' && isSameLayout(type, view.type);
  // The number of elements is checked before memory for the result is allocated.
  if (!isSame) checkElementCount(view);
  const data = allocateOf(type, sizeOf(view.shape));
  if (isSame) return convertInto(data, type, view, undefined);
  const isText = view.type.kind === 'S' && type.kind === 'U';
  const cast = isTime(view.type) && isTime(type) ? timeConverter(view.type, type) : isText ? asciiText : casterTo(type);
  return convertInto(data, type, view, cast);
}

/** Converts bytes to text as astype does. @throws NpyError NPY_VALUE for bytes that are not ASCII */
function asciiText(value: unknown): string {
  const bytes = value as Uint8Array;
  const other = bytes.find((byte) => byte > 0x7f);
  if (other === undefined) return latin1(bytes);
  throw cannotHold('str made of bytes', value, `0x${other.toString(16)}, which is not ASCII: decode them`);
}

function isTime({ kind }: DType): boolean {
  return kind === 'M' || kind === 'm';
}

function timeConverter(from: DType, to: DType): (count: unknown) => unknown {
  return (count) => {
    const same =
      from.kind === to.kind && from.unit && to.unit ? convertCount(count as bigint, from.unit, to.unit) : undefined;
    if (same !== undefined) return same;
    throw cannotHold(withUnit(to), count, withUnit(from), { from: from.unit, to: to.unit });
  };
}

function withUnit({ name, unit }: DType): string {
  return `${name} of ${unit?.count} ${unit?.name}`;
}

/** Checks a view over a store of any dtype. @throws NpyError NPY_ARRAY */
export function checkAny(view: ViewLike): CheckedView {
  return checkView(view, allDTypes);
}

/**
 * Returns the dtype of an array or of a store, and undefined for anything else. Comparing the result narrows no type: use `hasDType`, or a
 * view's own `dtype`.
 */
export function dtypeOf<A extends ViewLike | AnyStore | Uint8ClampedArray>(array: A): DTypeOf<A>;
export function dtypeOf(array: unknown): DTypeName | undefined {
  return (dtypeOfStore(array) ?? dtypeOfStore((array as Partial<ViewLike> | null)?.data))?.name;
}

/**
 * Returns whether an array or a store has the dtype `dtype`; false for anything else.
 * @throws NpyError NPY_DESCR if the dtype is invalid
 */
export function hasDType<D extends DTypeName>(array: TypedView, dtype: D): array is Guarded<NpyView<D>, D>;
export function hasDType<D extends DTypeName>(data: AnyStore, dtype: D): data is Guarded<StoreByDType[D], D>;
export function hasDType(array: unknown, dtype: DTypeName): boolean {
  return dtypeOf(array as ViewLike) === checkDTypeName(dtype);
}
