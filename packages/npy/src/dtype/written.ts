// Numbers as NumPy writes them, `|b1` to `>c32`: nearly all descrs are one of these, and need no parser.
import { type DType, dtypeNamed, type FixedDTypeName, fixedTypes } from './dtype.ts';

/** The numbers that NumPy knows itself. */
export const numberNames: readonly FixedDTypeName[] = /* @__PURE__ */ (
  Object.keys(fixedTypes) as FixedDTypeName[]
).filter((name) => fixedTypes[name].kind !== 'V');

const written: ReadonlyMap<unknown, DType> = /* @__PURE__ */ new Map(
  numberNames
    .flatMap((name) => [dtypeNamed(name, '<'), dtypeNamed(name, '>')])
    .map((type) => [type.byteOrder + type.kind + type.itemsize, type]),
);

/** The number that a descr of NumPy's own spelling is; undefined for any other. */
export function writtenNumber(descr: unknown): DType | undefined {
  return written.get(descr);
}
