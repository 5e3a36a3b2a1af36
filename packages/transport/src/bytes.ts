// Whether a value is bytes, and whether their memory is still there.

/** The getter that tells typed arrays apart, whichever realm they come from. It takes any value. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** Whether `value` is a Uint8Array; a Buffer is one. */
export function isBytes(value: unknown): value is Uint8Array {
  return kindOf?.call(value) === 'Uint8Array';
}

/** Whether the memory of `bytes` was transferred elsewhere: nothing can be read from them, nor made on them. */
export function isDetached(bytes: Uint8Array): boolean {
  if (bytes.length > 0) return false;
  try {
    return new Uint8Array(bytes.buffer).length < 0;
  } catch {
    return true;
  }
}
