// Checks that a value is a Uint8Array, and that its memory still exists.

/** The getter of a typed array's tag. It works for typed arrays of any realm, and returns undefined for other values. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** Returns whether `value` is a Uint8Array, such as a Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return kindOf?.call(value) === 'Uint8Array';
}

/**
 * Returns whether the memory of `bytes` is gone, because its buffer was transferred, or resized to less than the array's offset. Such an
 * array has length 0, like an empty one, but every operation on it throws.
 */
export function isDetached(bytes: Uint8Array): boolean {
  if (bytes.length > 0) return false;
  try {
    return Uint8Array.prototype.indexOf.call(bytes, 0) >= 0;
  } catch {
    return true;
  }
}
