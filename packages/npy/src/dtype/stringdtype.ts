// NumPy 2's StringDType, which has no spelling in a header: its arrays are saved as object arrays.

/** NumPy's StringDType, which headers call `|O`. `na_object`, if present, is the value of missing strings: null, a NaN or a string. */
export interface StringDType {
  readonly stringdtype: { readonly coerce: boolean; readonly na_object?: unknown };
}
