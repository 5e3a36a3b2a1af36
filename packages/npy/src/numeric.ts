// @bridge/npy/numeric: the verbs of the core for numbers alone, at half the size, for pages that count their kilobytes.
// Text, times, structures, objects and long doubles are refused with NPY_DESCR, and no value is converted.
import { asBytes, type BytesLike } from './arguments/bytes-like.ts';
import type { Limits } from './arguments/limits.ts';
import type { NpyView, ViewLike } from './array/npy-view.ts';
import { writtenNumber } from './dtype/canonical.ts';
import { refuse } from './dtype/descr.ts';
import { type DType, dtypeNamed, isSwapped } from './dtype/dtype.ts';
import type { DTypeSet } from './dtype-set/dtype-set.ts';
import { NpyError, type NpyFault } from './errors.ts';
import { checkDecodeOptions, checkDType, type DecodeOptions, decodeRead } from './format/decode.ts';
import { type EncodeOptions, fileWith, type NpyParts, partsInto, partsWith } from './format/encode.ts';
import type { NpyHeader } from './header/header.ts';
import { readTypedHeader, untyped } from './header/read.ts';
import { byteswap } from './layout/byteswap.ts';
import { NATIVE_ORDER } from './platform.ts';
import { reviveBytes } from './stores/clone.ts';
import { isNumberName, type NumberName, numberOfStore, numbersOver } from './stores/native-numbers.ts';
import type { BinaryStore } from './stores/store-types.ts';

export type { NpyView, ViewLike } from './array/npy-view.ts';
export { isNpyError, NpyError, type NpyErrorCode, type NpyFault } from './errors.ts';
export type { NpyHeader, NpyVersion } from './header/header.ts';
export { BoolStore } from './stores/bool.ts';
export { type Complex, Complex64Store, Complex128Store } from './stores/complex.ts';
export { Float16Store } from './stores/float16.ts';
export type { NumberName } from './stores/native-numbers.ts';

function parse(descr: unknown, fault: NpyFault): DType {
  const text = typeof descr === 'string' ? descr : '';
  // With any mark or none: one-byte numbers have no order, and without a mark it is the machine's own.
  const bare = '<>=|'.includes(text.charAt(0)) ? text.slice(1) : text;
  const type = writtenNumber(text) ?? writtenNumber(`|${bare}`) ?? writtenNumber(NATIVE_ORDER + bare);
  if (type && isNumberName(type.name)) return type;
  throw refuse(descr, 'is not a number known here', fault);
}

function over({ name }: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  // Asked of what `parse` and `typeOf` answer, which have no other names.
  return numbersOver[name as NumberName](buffer as ArrayBuffer, byteOffset, length);
}

function swap(bytes: Uint8Array, type: DType): void {
  if (isSwapped(type)) byteswap(bytes, type.wordBytes);
}

const numbers: DTypeSet = {
  parse: (descr) => parse(descr, 'data'),
  named: (dtype) => (typeof dtype === 'string' && isNumberName(dtype) ? dtypeNamed(dtype) : parse(dtype, 'caller')),
  typeOf(store) {
    const type = numberOfStore(store);
    return type && isNumberName(type.name) ? type : undefined;
  },
  revive: (clone) => reviveBytes(clone, numbers),
  over,
  descrOf: ({ byteOrder, kind, itemsize }) => byteOrder + kind + itemsize,
  repr: (descr) => `'${String(descr)}'`,
  native: ({ name }) => dtypeNamed(name as NumberName),
  isSame: (a, b) => a.name === b.name,
  isForeign: isSwapped,
  hasPadding: () => false,
  toNative: swap,
  fromNative: swap,
  convert({ dtype }, { name }) {
    throw new NpyError('NPY_DTYPE', `npy: the array is ${dtype} and is not converted to ${name} here`, {
      expected: name,
      actual: dtype,
    });
  },
};

/** `readHeader`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function readHeader(bytes: BytesLike, limits?: Partial<Limits>): NpyHeader | undefined {
  return untyped(readTypedHeader(asBytes(bytes), limits, numbers));
}

const OPTIONS = ['dtype', 'copy', 'limits'];

/** `decode`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function decode<D extends NumberName = NumberName>(
  bytes: BytesLike,
  options?: Omit<DecodeOptions<D>, 'objects'>,
): NpyView<D> {
  const file = asBytes(bytes);
  const { dtype, limits } = checkDecodeOptions(options, OPTIONS) ?? {};
  const header = readTypedHeader(file, limits, numbers);
  const wanted = dtype === undefined || dtype === null ? undefined : numbers.named(dtype).name;
  return decodeRead(numbers, header && checkDType(header, wanted), file, options);
}

/** `encodeParts`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encodeParts(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): NpyParts {
  return partsWith(numbers, array, options);
}

/** `encode`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encode(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): Uint8Array<ArrayBuffer> {
  return fileWith(numbers, array, options);
}

/** `encodeInto`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encodeInto(array: ViewLike, target: Uint8Array, options?: Omit<EncodeOptions, 'objects'>): number {
  return partsInto(encodeParts(array, options), target);
}
