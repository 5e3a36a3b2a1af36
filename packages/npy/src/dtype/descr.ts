// How a header spells a dtype, read and written: `<f4`, `|b1`, `>c16`.
// NumPy writes one spelling and reads all that its dtype constructor takes; so do parseDescr and descrOf.
import { NpyError, type NpyFault } from '../errors.ts';
import { reprString } from '../header/python-repr.ts';
import { NATIVE_ORDER } from '../platform.ts';
import { type DType, type DTypeName, dtypeNamed, fixedTypes, isDTypeName } from './dtype.ts';

/** A dtype as a header spells it: `'<f4'`. */
export type Descr = string;

/** One-letter codes and further names, as on 64-bit Linux, where a C long has eight bytes. */
const aliases: Readonly<Record<string, DTypeName>> = {
  '?': 'bool',
  b: 'int8',
  B: 'uint8',
  h: 'int16',
  H: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int64',
  L: 'uint64',
  q: 'int64',
  Q: 'uint64',
  p: 'int64',
  P: 'uint64',
  n: 'int64',
  N: 'uint64',
  e: 'float16',
  f: 'float32',
  d: 'float64',
  F: 'complex64',
  D: 'complex128',
  bool_: 'bool',
  byte: 'int8',
  ubyte: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  intc: 'int32',
  uintc: 'uint32',
  int: 'int64',
  uint: 'uint64',
  int_: 'int64',
  intp: 'int64',
  uintp: 'uint64',
  long: 'int64',
  ulong: 'uint64',
  longlong: 'int64',
  ulonglong: 'uint64',
  half: 'float16',
  single: 'float32',
  float: 'float64',
  double: 'float64',
  csingle: 'complex64',
  complex: 'complex128',
  cdouble: 'complex128',
};

/** The object dtype: NumPy writes `|O` and reads all of these. */
const OBJECT_DESCRS: ReadonlySet<string> = new Set([
  'object',
  'object_',
  ...['', '|', '<', '>', '='].flatMap((mark) => ['O', 'O4', 'O8'].map((name) => mark + name)),
]);

/** `b1`, `i4`, `c16` …: kind and size, to the name. */
const bySize: ReadonlyMap<string, DTypeName> = new Map(
  (Object.keys(fixedTypes) as DTypeName[]).map((name) => [fixedTypes[name].kind + fixedTypes[name].itemsize, name]),
);

/**
 * Parses the value under `descr` in a header.
 * @param fault whose words they are: those of a file, or of a caller
 * @returns the dtype, and its descr as NumPy would write it
 * @throws NpyError NPY_DESCR, NPY_OBJECTS
 */
export function parseDescr(literal: unknown, fault: NpyFault = 'data'): { type: DType; descr: Descr } {
  if (typeof literal === 'string' && OBJECT_DESCRS.has(literal)) {
    throw new NpyError(
      'NPY_OBJECTS',
      `npy: descr ${show(literal)} is an object array, which is a pickle: not read here`,
      {
        descr: literal,
      },
    );
  }
  const type = typeof literal === 'string' ? parseTypeString(literal) : undefined;
  if (!type) {
    const message = `npy: descr ${show(literal)} is not a dtype known here`;
    throw new NpyError('NPY_DESCR', message, { descr: literal }, { fault });
  }
  return { type, descr: descrOf(type) };
}

function parseTypeString(text: string): DType | undefined {
  const mark = text[0] === '<' || text[0] === '>' || text[0] === '=' || text[0] === '|' ? text[0] : undefined;
  const order = mark === '<' || mark === '>' ? mark : NATIVE_ORDER;
  const rest = mark === undefined ? text : text.slice(1);
  const sized = bySize.get(rest);
  if (sized) return dtypeNamed(sized, order);
  // A byte order goes with a one-letter code but not with a name: '<i' is a dtype and '<int32' is none.
  if (mark !== undefined && rest.length !== 1) return undefined;
  if (isDTypeName(rest)) return dtypeNamed(rest, order);
  const alias = Object.hasOwn(aliases, rest) ? aliases[rest] : undefined;
  return alias && dtypeNamed(alias, order);
}

/** A dtype as NumPy writes it. */
export function descrOf({ kind, itemsize, byteOrder }: DType): Descr {
  return byteOrder + kind + itemsize;
}

/** `repr(descr)`. */
export function reprDescr(descr: Descr): string {
  return reprString(descr);
}

function show(literal: unknown): string {
  if (typeof literal === 'string') return JSON.stringify(literal.slice(0, 80));
  return literal === null ? 'None' : typeof literal === 'object' ? 'of a compound form' : String(literal).slice(0, 80);
}
