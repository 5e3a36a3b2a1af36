// Ints of any size, as LONG1 and LONG4 store them: two's complement, lowest byte first, in as few bytes as possible.

/** The most bytes of an int, which is the limit of JavaScriptCore's BigInt. */
export const MAX_LONG_BYTES: number = 2 ** 17;

/** Decodes an int. An empty array is 0. */
export function decodeLong(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  let digits = '0x';
  for (let i = bytes.length - 1; i >= 0; i--) digits += HEX[bytes[i] as number];
  return BigInt.asIntN(8 * bytes.length, BigInt(digits));
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Encodes an int. */
export function encodeLong(value: bigint): Uint8Array {
  const digits = (value < 0n ? ~value : value).toString(16);
  const hex = digits.length % 2 ? `0${digits}` : digits;
  const count = hex.length / 2;
  // The highest bit is the sign. If the number needs that bit, a byte is added.
  const extra = Number.parseInt(hex.slice(0, 2), 16) > 0x7f ? 1 : 0;
  const bytes = new Uint8Array(count + extra);
  for (let i = 0; i < count; i++) bytes[i] = Number.parseInt(hex.slice(2 * (count - 1 - i), 2 * (count - i)), 16);
  return value < 0n ? bytes.map((byte) => ~byte & 0xff) : bytes;
}
