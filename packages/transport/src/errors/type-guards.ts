// Types for type guards that take a code as an argument, such as `isTransportError(error, code)`. If the type of that argument is a union
// of codes, the result `false` rules out only the code that was passed, and the compiler, which does not know that code, would rule out all
// of them.

/** True if a type is a union of several types. */
type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never;

/** The key of a property that no value has. A type with this property is narrower than `T`, so `false` does not rule out `T`. */
declare const oneSided: unique symbol;

/** `T` if the guard answers true. If the guard answers false, the compiler concludes nothing. */
export type OneSided<T> = T & { readonly [oneSided]?: never };

/** `T` if the argument `Asked` is a single literal, which `false` rules out; `OneSided<T>` if the argument may be one of several. */
export type Guarded<T, Asked> = IsUnion<Asked> extends true ? OneSided<T> : T;
