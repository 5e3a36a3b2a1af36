// Strings as UTF-8.
import { platform } from '../platform/platform.ts';

/** Returns bytes unchanged, and a string as UTF-8. */
export function textBytes(given: Uint8Array | string): Uint8Array {
  return typeof given === 'string' ? new platform.TextEncoder().encode(given) : given;
}
