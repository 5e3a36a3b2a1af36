// Numbers as NumPy writes them, `|b1` to `>c32`: nearly all descrs are one of these, and need no parser.
import { type DType, dtypeNamed, type FixedDTypeName, fixedTypes } from './dtype.ts';

const written: ReadonlyMap<unknown, DType> = /* @__PURE__ */ new Map(
  (Object.keys(fixedTypes) as FixedDTypeName[])
    // Those that NumPy knows itself.
    .filter((name) => fixedTypes[name].kind !== 'V')
    .flatMap((name) => [dtypeNamed(name, '<'), dtypeNamed(name, '>')])
    .map((type) => [type.byteOrder + type.kind + type.itemsize, type]),
);

/** The number that a descr of NumPy's own spelling is; undefined for any other. */
export function writtenNumber(descr: unknown): DType | undefined {
  return written.get(descr);
}
