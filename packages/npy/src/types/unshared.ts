// Types of typed arrays whose memory is not shared with other threads. Since TypeScript 5.7 they are called `Uint8Array<ArrayBuffer>`, which
// older compilers reject, because Uint8Array has no type argument there. The return type of a method is right in every version.

/** A `Uint8Array<ArrayBuffer>`, which a Blob, a Response and a WebSocket take; before TypeScript 5.7 a `Uint8Array`. */
export type UnsharedBytes = ReturnType<typeof Uint8Array.of>;

/** A `BigInt64Array<ArrayBuffer>`; before TypeScript 5.7 a `BigInt64Array`. */
export type UnsharedInt64s = ReturnType<typeof BigInt64Array.of>;

/** A `BigUint64Array<ArrayBuffer>`; before TypeScript 5.7 a `BigUint64Array`. */
export type UnsharedUint64s = ReturnType<typeof BigUint64Array.of>;
