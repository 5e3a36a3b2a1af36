// Typed arrays over memory that no other thread has, as types. Since TypeScript 5.7 their name is `Uint8Array<ArrayBuffer>`, which the
// compilers before refuse to read: there a Uint8Array has no type argument. Asked of a constructor, every compiler answers its own.

/** A `Uint8Array<ArrayBuffer>`, which a Blob, a Response and a WebSocket take; before TypeScript 5.7 a `Uint8Array`. */
export type UnsharedBytes = ReturnType<typeof Uint8Array.of>;

/** A `BigInt64Array<ArrayBuffer>`; before TypeScript 5.7 a `BigInt64Array`. */
export type UnsharedInt64s = ReturnType<typeof BigInt64Array.of>;

/** A `BigUint64Array<ArrayBuffer>`; before TypeScript 5.7 a `BigUint64Array`. */
export type UnsharedUint64s = ReturnType<typeof BigUint64Array.of>;
