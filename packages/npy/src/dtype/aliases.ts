// The one-letter codes and names that NumPy's dtype constructor knows, and the kind and size that each stands for.

/** Codes and names by kind and size, as on 64-bit Linux, where a C long has eight bytes. Dtypes with a width have size 0. */
const ALIASES: Readonly<Record<string, string>> = {
  b1: '? bool bool_ bool8',
  i1: 'b int8 byte',
  u1: 'B uint8 ubyte',
  i2: 'h int16 short',
  u2: 'H uint16 ushort',
  i4: 'i int32 intc',
  u4: 'I uint32 uintc',
  i8: 'l q p n int64 int int_ intp int0 long longlong',
  u8: 'L Q P N uint64 uint uintp uint0 ulong ulonglong',
  f2: 'e float16 half',
  f4: 'f float32 single',
  f8: 'd float64 float double float_',
  f16: 'g longdouble float128 longfloat',
  c8: 'F complex64 csingle singlecomplex',
  c16: 'D complex128 complex cdouble complex_ cfloat',
  c32: 'G clongdouble complex256 clongfloat longcomplex',
  S0: 'S a bytes bytes_ bytes0 string_',
  // A byte string of one character, from the time before there were longer ones.
  S1: 'c',
  U0: 'U str str_ str0 unicode unicode_',
  V0: 'V void void0',
  M8: 'M',
  m8: 'm',
  // `T` is NumPy 2's StringDType, which is saved as a pickle as well.
  O8: 'O object object_ object0 T',
};

const codes: ReadonlyMap<string, string> = /* @__PURE__ */ new Map(
  Object.entries(ALIASES).flatMap(([code, names]) => names.split(' ').map((name) => [name, code] as const)),
);

/** Returns the code of a name, its kind and size as in `f4`; undefined for an unknown name. */
export function codeOfAlias(name: string): string | undefined {
  return codes.get(name);
}
