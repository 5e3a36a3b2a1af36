// Decimal lengths as text: the bytes of ASCII and the digits of a length.

/** The bytes of ASCII text. */
export function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

/** The text of bytes, one character each. */
export function asciiText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

/** The number that decimal digits say, up to 2^53 - 1; undefined for any other text. */
export function parseDigits(text: string): number | undefined {
  if (text === '' || [...text].some((c) => c < '0' || c > '9')) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
