// The verbs for numbers alone: half the size of those for every dtype, for pages that count their kilobytes. Text, times,
// structures, objects and long doubles are refused with NPY_DESCR.
import { asBytes } from './bytes.ts';
import { convertInto } from './convert.ts';
import { checkDType, type DecodeOptions, decodeRead } from './decode.ts';
import { refuse } from './dtype/descr.ts';
import { type DType, dtypeNamed } from './dtype/dtype.ts';
import { parseNumber } from './dtype/number-string.ts';
import type { DTypeSet } from './dtype-set.ts';
import { type EncodeOptions, joinParts, type NpyParts, partsInto, partsWith } from './encode.ts';
import type { NpyFault } from './errors.ts';
import type { NpyHeader } from './header/header.ts';
import { readTypedHeader, untyped } from './header/read.ts';
import { byteswap } from './layout/byteswap.ts';
import { sizeOf } from './layout/shape.ts';
import type { Limits } from './limits.ts';
import { NATIVE_ORDER } from './platform.ts';
import { allocateBytes } from './stores/memory.ts';
import { numberCaster } from './stores/number-cast.ts';
import { isNumberName, type NumberName, numberOfStore, numbersOver } from './stores/numbers.ts';
import type { BinaryStore } from './stores/store-types.ts';
import type { CheckedView, NpyView, ViewLike } from './view.ts';

export type { NumberName } from './stores/numbers.ts';

function parse(descr: unknown, fault: NpyFault): DType {
  const type = typeof descr === 'string' ? parseNumber(descr) : undefined;
  if (type && isNumberName(type.name)) return type;
  throw refuse(descr, 'is not a number known here', fault);
}

function over({ name }: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  // Asked of what `parse` and `typeOf` answer, which have no other names.
  return numbersOver[name as NumberName](buffer as ArrayBuffer, byteOffset, length);
}

function isForeign({ byteOrder }: DType): boolean {
  return byteOrder !== '|' && byteOrder !== NATIVE_ORDER;
}

function swap(bytes: Uint8Array, type: DType): void {
  if (isForeign(type)) byteswap(bytes, type.wordBytes);
}

const numbers: DTypeSet = {
  parse: (descr) => parse(descr, 'data'),
  named: (dtype) => (typeof dtype === 'string' && isNumberName(dtype) ? dtypeNamed(dtype) : parse(dtype, 'caller')),
  typeOf(store) {
    const type = numberOfStore(store);
    return type && isNumberName(type.name) ? type : undefined;
  },
  over,
  descrOf: ({ byteOrder, kind, itemsize }) => byteOrder + kind + itemsize,
  repr: (descr) => `'${String(descr)}'`,
  native: ({ name }) => dtypeNamed(name as NumberName),
  isSame: (a, b) => a.name === b.name,
  isForeign,
  hasPadding: () => false,
  toNative: swap,
  fromNative: swap,
  convert(view: CheckedView, type: DType): CheckedView {
    const length = sizeOf(view.shape);
    const data = over(type, allocateBytes(length * type.itemsize).buffer, 0, length);
    return convertInto(data, type, view, type.name === view.dtype ? undefined : numberCaster(type));
  },
};

/** `readHeader`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function readHeader(bytes: Uint8Array | ArrayBuffer, limits?: Partial<Limits>): NpyHeader | undefined {
  return untyped(readTypedHeader(asBytes(bytes), limits, numbers));
}

/** `decode`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function decode<D extends NumberName = NumberName>(
  bytes: Uint8Array | ArrayBuffer,
  options: Omit<DecodeOptions<D>, 'objects'> = {},
): NpyView<D> {
  const file = asBytes(bytes);
  const { dtype, limits } = options ?? {};
  const header = readTypedHeader(file, limits, numbers);
  const wanted = dtype === undefined || dtype === null ? undefined : numbers.named(dtype).name;
  return decodeRead(numbers, header && checkDType(header, wanted), file, options);
}

/** `encodeParts`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store */
export function encodeParts(array: ViewLike, options: Omit<EncodeOptions, 'objects'> = {}): NpyParts {
  return partsWith(numbers, array, options);
}

/** `encode`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store */
export function encode(array: ViewLike, options: Omit<EncodeOptions, 'objects'> = {}): Uint8Array<ArrayBuffer> {
  return joinParts(encodeParts(array, options));
}

/** `encodeInto`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store */
export function encodeInto(array: ViewLike, target: Uint8Array, options: Omit<EncodeOptions, 'objects'> = {}): number {
  return partsInto(encodeParts(array, options), target);
}
