// The bytes that a caller hands in, whatever they are called there: one Uint8Array on the same memory.
import { NpyError } from '../errors.ts';
import { nameOf } from '../text/quoted.ts';
import { noBytes } from './hints.ts';

/** What bytes may be handed in as: a typed array, a Buffer, a DataView, or their memory, shared or not. */
export type BytesLike = ArrayBufferView | ArrayBufferLike;

/**
 * A plain Uint8Array over the caller's bytes, not copied. A Buffer becomes one as well, because its `slice` is a view.
 * @throws NpyError NPY_ARRAY for anything that is not bytes, and for memory that was transferred away
 */
export function asBytes(bytes: unknown): Uint8Array {
  try {
    if (ArrayBuffer.isView(bytes)) {
      // Of length 0 is also what lost its memory, which the constructor tells.
      const plain = Object.getPrototypeOf(bytes) === Uint8Array.prototype && bytes.byteLength > 0;
      if (plain) return bytes as Uint8Array;
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    // A DataView takes exactly the buffers, shared ones and those of other realms included, and nothing that looks like one.
    return new Uint8Array(new DataView(bytes as ArrayBuffer).buffer);
  } catch (cause) {
    throw new NpyError('NPY_ARRAY', `npy: expected bytes, got ${noBytes(bytes)}`, { found: nameOf(bytes) }, { cause });
  }
}
