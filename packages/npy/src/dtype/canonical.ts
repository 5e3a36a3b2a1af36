// Numbers in NumPy's own spelling, `|b1` to `>c32`. Nearly all descrs are one of these, and are looked up without a parser.
import { type DType, dtypeNamed, type FixedDTypeName, fixedTypes } from './dtype.ts';

const canonical: ReadonlyMap<unknown, DType> = /* @__PURE__ */ new Map(
  (Object.keys(fixedTypes) as FixedDTypeName[])
    // The short floats of ml_dtypes are not NumPy's own dtypes.
    .filter((name) => fixedTypes[name].kind !== 'V')
    .flatMap((name) => [dtypeNamed(name, '<'), dtypeNamed(name, '>')])
    .map((type) => [type.byteOrder + type.kind + type.itemsize, type]),
);

/** Returns the dtype of a number in NumPy's own spelling; undefined for any other descr. */
export function canonicalNumber(descr: unknown): DType | undefined {
  return canonical.get(descr);
}
