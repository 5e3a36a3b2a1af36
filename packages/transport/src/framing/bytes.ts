// Tests of bytes: that a value is a Uint8Array, and that its memory is still there.

/** The getter that tells typed arrays apart, whichever realm they come from. It takes any value. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** Returns whether `value` is a Uint8Array; a Buffer is one. */
export function isBytes(value: unknown): value is Uint8Array {
  return kindOf?.call(value) === 'Uint8Array';
}

/**
 * Returns whether the memory of `bytes` is gone: its buffer was transferred elsewhere, or made smaller than the view's offset. Such a
 * view has length 0, as an empty one does, but every operation on it throws.
 */
export function isDetached(bytes: Uint8Array): boolean {
  if (bytes.length > 0) return false;
  try {
    return Uint8Array.prototype.indexOf.call(bytes, 0) >= 0;
  } catch {
    return true;
  }
}
