// Converts every kind of bytes that a caller may pass to a Uint8Array on the same memory.
import { NpyError } from '../errors.ts';
import { nameOf } from '../text/quoted.ts';
import { describeNonBytes } from './hints.ts';

/** Bytes in any form: a typed array, a Buffer, a DataView, or an ArrayBuffer, shared or not. */
export type BytesLike = ArrayBufferView | ArrayBufferLike;

/**
 * Returns a plain Uint8Array over the caller's bytes, not copied. A Buffer is converted as well, because its `slice` returns a view.
 * @throws NpyError NPY_ARRAY if the argument is not bytes, or its memory was transferred away
 */
export function asBytes(bytes: unknown): Uint8Array {
  try {
    if (ArrayBuffer.isView(bytes)) {
      // A view whose memory was transferred away also has length 0; the constructor below throws for it.
      const plain = Object.getPrototypeOf(bytes) === Uint8Array.prototype && bytes.byteLength > 0;
      if (plain) return bytes as Uint8Array;
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    // The DataView constructor accepts every real buffer, shared ones and those of other realms included, and nothing else.
    return new Uint8Array(new DataView(bytes as ArrayBuffer).buffer);
  } catch (cause) {
    throw new NpyError(
      'NPY_ARRAY',
      `npy: expected bytes, got ${describeNonBytes(bytes)}`,
      { found: nameOf(bytes) },
      { cause },
    );
  }
}
