// Numbers spelled as one string: `<f4`, `|b1`, `int32`, `d`. The part of type-string.ts that those who need only numbers need.
import { NATIVE_ORDER } from '../platform.ts';
import { parseInteger } from './digits.ts';
import { type DType, dtypeNamed, type FixedDTypeName, fixedTypes, isFixedName } from './dtype.ts';

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
const names = Object.keys(NAMES) as FixedDTypeName[];

/** Each of them as NumPy writes it, `|b1` to `>c32`: nearly all descrs are one of these, and need no parser. */
const written: ReadonlyMap<unknown, DType> = new Map(
  names
    .flatMap((name) => [dtypeNamed(name, '<'), dtypeNamed(name, '>')])
    .map((type) => [type.byteOrder + type.kind + type.itemsize, type]),
);

/** The number that a descr of NumPy's own spelling is; undefined for any other. */
export function writtenNumber(descr: unknown): DType | undefined {
  return written.get(descr);
}

/** The number that a string names; undefined when it names none. */
export function parseNumber(text: string): DType | undefined {
  const known = writtenNumber(text);
  if (known) return known;
  const { mark, byteOrder, rest } = splitMark(text);
  const size = parseInteger(rest.slice(1));
  if (size !== undefined) {
    const sized = names.find((name) => fixedTypes[name].kind === rest[0] && fixedTypes[name].itemsize === size);
    return sized && dtypeNamed(sized, byteOrder);
  }
  // A byte order goes with a one-letter code but not with a name: '<i' is a dtype and '<int32' is none.
  if (mark && rest.length !== 1) return undefined;
  const named = isFixedName(rest) ? rest : names.find((name) => NAMES[name]?.split(' ').includes(rest));
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
