// Compares bytes and reports the first difference. It is fast for large arrays.
import { expect } from 'vitest';

export function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  if (Buffer.compare(actual, expected) === 0) return;
  expect({ length: actual.length, hex: Buffer.from(actual).toString('hex') }).toEqual({
    length: expected.length,
    hex: Buffer.from(expected).toString('hex'),
  });
}
