// The byte order of this machine, and the runtime's own functions that reverse words, if it has any.

/** The byte order of this machine's typed arrays. */
export const NATIVE_ORDER: '<' | '>' = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? '<' : '>';

type Swap = (this: Uint8Array) => unknown;

// Node's Buffer, declared here because this package compiles without Node's types. Browsers have none.
const { Buffer: NodeBuffer } = globalThis as unknown as {
  Buffer?: { prototype: { [name in 'swap16' | 'swap32' | 'swap64']?: Swap } };
};
const { swap16, swap32, swap64 } = NodeBuffer?.prototype ?? {};

/** Node's own functions that reverse words of 2, 4 and 8 bytes in place, by the size of a word. Undefined in a browser. */
export const nativeSwaps: Readonly<Record<number, Swap | undefined>> = { 2: swap16, 4: swap32, 8: swap64 };
