// Numbers spelled as one string: `<f4`, `|b1`, `int32`, `d`.
import { NATIVE_ORDER } from '../platform.ts';
import { parseInteger } from './digits.ts';
import { type DType, dtypeNamed, type FixedDTypeName, fixedTypes, isFixedName } from './dtype.ts';
import { numberNames, writtenNumber } from './written.ts';

/** One-letter codes, and names; as on 64-bit Linux, where a C long has eight bytes. */
const NAMES: Readonly<Partial<Record<FixedDTypeName, string>>> = {
  bool: '? bool_ bool8',
  int8: 'b byte',
  uint8: 'B ubyte',
  int16: 'h short',
  uint16: 'H ushort',
  int32: 'i intc',
  uint32: 'I uintc',
  int64: 'l q p n int int_ intp int0 long longlong',
  uint64: 'L Q P N uint uintp uint0 ulong ulonglong',
  float16: 'e half',
  float32: 'f single',
  float64: 'd float double float_',
  longdouble: 'g float128 longfloat',
  complex64: 'F csingle singlecomplex',
  complex128: 'D complex cdouble complex_ cfloat',
  clongdouble: 'G complex256 clongfloat longcomplex',
};
/** The number that a string names; undefined when it names none. */
export function parseNumber(text: string): DType | undefined {
  const known = writtenNumber(text);
  if (known) return known;
  const { mark, byteOrder, rest } = splitMark(text);
  const size = parseInteger(rest.slice(1));
  if (size !== undefined) {
    const sized = numberNames.find((name) => fixedTypes[name].kind === rest[0] && fixedTypes[name].itemsize === size);
    return sized && dtypeNamed(sized, byteOrder);
  }
  // A byte order goes with a one-letter code but not with a name: '<i' is a dtype and '<int32' is none.
  if (mark && rest.length !== 1) return undefined;
  const named = isFixedName(rest) ? rest : numberNames.find((name) => NAMES[name]?.split(' ').includes(rest));
  return named && NAMES[named] !== undefined ? dtypeNamed(named, byteOrder) : undefined;
}

/** The mark of a byte order in front, the order that it means, and what it stands in front of. */
export function splitMark(text: string): { mark: boolean; byteOrder: '<' | '>'; rest: string } {
  const first = text[0];
  const mark = isMark(first);
  const byteOrder = first === '<' || first === '>' ? first : NATIVE_ORDER;
  return { mark, byteOrder, rest: mark ? text.slice(1) : text };
}

export function isMark(c: string | undefined): boolean {
  return c === '<' || c === '>' || c === '=' || c === '|';
}
