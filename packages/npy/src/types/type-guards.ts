// Types for the results of type guards that take a code or a dtype as an argument. If the argument may be one of
// several, `false` rules out only the one that was passed. The compiler does not know which one, and would rule out all of them.

/** True if a type is a union of several types. */
export type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never;

/** The key of a property that no value has. A type with this property is narrower than `T`, so `false` does not rule out `T`. */
declare const oneSided: unique symbol;

/** `T` if the guard returns true. If the guard returns false, the compiler concludes nothing. */
export type OneSided<T> = T & { readonly [oneSided]?: never };

/** `T` if the argument `Asked` is a single literal, which `false` rules out; `OneSided<T>` if the argument may be one of several. */
export type Guarded<T, Asked> = IsUnion<Asked> extends true ? OneSided<T> : T;
