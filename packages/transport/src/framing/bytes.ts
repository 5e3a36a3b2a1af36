// Whether a value is bytes, and whether their memory is still there.

/** The getter that tells typed arrays apart, whichever realm they come from. It takes any value. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** Whether `value` is a Uint8Array; a Buffer is one. */
export function isBytes(value: unknown): value is Uint8Array {
  return kindOf?.call(value) === 'Uint8Array';
}

/**
 * Whether the memory of `bytes` is gone: its buffer was transferred elsewhere, or made smaller than where they lay. Such an
 * array says that it has no bytes, as an empty one does; only an operation on it tells.
 */
export function isGone(bytes: Uint8Array): boolean {
  if (bytes.length > 0) return false;
  try {
    return Uint8Array.prototype.indexOf.call(bytes, 0) >= 0;
  } catch {
    return true;
  }
}
