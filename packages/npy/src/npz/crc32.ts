// Computes CRC-32 as zip does: with Node's own function if there is one, otherwise with a table.

type Crc32 = (bytes: Uint8Array, value?: number) => number;

// Node's crc32, declared here because this package compiles without Node's types.
const { process } = globalThis as unknown as {
  process?: { getBuiltinModule?: (name: string) => { readonly crc32?: Crc32 } | undefined };
};
const native = process?.getBuiltinModule?.('node:zlib')?.crc32;

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

/** Does what `crc32` does, byte by byte. */
export function crc32ByTable(bytes: Uint8Array, value = 0): number {
  let crc = ~value;
  for (let i = 0; i < bytes.length; i++) {
    // Casts: `i` is inside of the bytes, and the masked index inside of the table.
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** Returns the checksum of `bytes`, continued from `value`, the checksum of the bytes in front of them. */
export const crc32: Crc32 = native ?? crc32ByTable;
