// The dtypes of @bridge/npy/numeric: numbers that typed arrays hold, and complex ones. Text, times, structures, objects and long
// doubles are refused, and no value is converted.

import { canonicalNumber } from '../dtype/canonical.ts';
import { refuse } from '../dtype/descr.ts';
import { type DType, dtypeNamed, isSwapped } from '../dtype/dtype.ts';
import { NpyError, type NpyFault } from '../errors.ts';
import { byteswap } from '../layout/byteswap.ts';
import { NATIVE_ORDER } from '../memory/byte-order.ts';
import { reviveBytes } from '../stores/clone.ts';
import { isNumberName, type NumberName, numberOfStore, numbersOver } from '../stores/number-stores.ts';
import type { BinaryStore } from '../stores/store-types.ts';
import type { DTypeSet } from './dtype-set.ts';

function parse(descr: unknown, fault: NpyFault): DType {
  const text = typeof descr === 'string' ? descr : '';
  // One-byte numbers have no byte order, so that any mark is accepted. Without a mark the order is the machine's.
  const bare = '<>=|'.includes(text.charAt(0)) ? text.slice(1) : text;
  const type = canonicalNumber(text) ?? canonicalNumber(`|${bare}`) ?? canonicalNumber(NATIVE_ORDER + bare);
  if (type && isNumberName(type.name)) return type;
  throw refuse(descr, 'is not a known number', fault);
}

function over({ name }: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  // Cast: `parse` and `typeOf` return only dtypes with these names.
  return numbersOver[name as NumberName](buffer as ArrayBuffer, byteOffset, length);
}

function swap(bytes: Uint8Array, type: DType): void {
  if (isSwapped(type)) byteswap(bytes, type.wordBytes);
}

/** The set of numbers alone. */
export const numericDTypes: DTypeSet = {
  parse: (descr) => parse(descr, 'data'),
  named: (dtype) => (typeof dtype === 'string' && isNumberName(dtype) ? dtypeNamed(dtype) : parse(dtype, 'caller')),
  typeOf(store) {
    const type = numberOfStore(store);
    return type && isNumberName(type.name) ? type : undefined;
  },
  revive: (clone) => reviveBytes(clone, numericDTypes),
  over,
  descrOf: ({ byteOrder, kind, itemsize }) => byteOrder + kind + itemsize,
  repr: (descr) => `'${String(descr)}'`,
  native: ({ name }) => dtypeNamed(name as NumberName),
  isSame: (a, b) => a.name === b.name,
  isForeign: isSwapped,
  hasLongDouble: () => false,
  toNative: swap,
  fromNative: swap,
  convert({ dtype }, { name }) {
    throw new NpyError('NPY_DTYPE', `npy: /numeric converts no dtypes: ${dtype} to ${name}`, {
      expected: name,
      actual: dtype,
    });
  },
};
