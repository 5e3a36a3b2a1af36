// CRC-32 as zip and gzip have it: the platform's own where it has one, a table otherwise.
import { platform } from '../platform/platform.ts';

type Crc32 = (bytes: Uint8Array, value?: number) => number;

const { crc32: native } = (platform.process?.getBuiltinModule?.('node:zlib') ?? {}) as { crc32?: Crc32 };

const POLYNOMIAL = 0xedb88320;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ POLYNOMIAL : remainder >>> 1;
  return remainder;
});

export function crc32ByTable(bytes: Uint8Array, value = 0): number {
  let crc = ~value;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** The checksum of `bytes`, behind bytes whose checksum is `value`. */
export const crc32: Crc32 = native ?? crc32ByTable;
