// UTF-8, by the codecs that every runtime has. The ECMAScript library does not type them, so they are declared here.
import type { UnsharedBytes } from '../types/unshared.ts';

interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
interface Utf8Encoder {
  encode(text: string): UnsharedBytes;
}
const runtime = globalThis as unknown as {
  TextDecoder: new (label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean }) => Utf8Decoder;
  TextEncoder: new () => Utf8Encoder;
};

/** Decodes UTF-8. @throws TypeError if the bytes are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  return new runtime.TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Encodes text, whose surrogates must be paired, as UTF-8. */
export function encodeUtf8(text: string): UnsharedBytes {
  return new runtime.TextEncoder().encode(text);
}
