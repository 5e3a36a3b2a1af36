// What every runtime has and the ECMAScript library does not type: the UTF-8 codecs and the machine's byte order. And one
// thing that not every runtime has. Nothing else of a platform may be used by the portable part of this package.

interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
interface Utf8Encoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
const platform = globalThis as unknown as {
  TextDecoder: new (label: 'utf-8', options: { fatal: boolean; ignoreBOM: boolean }) => Utf8Decoder;
  TextEncoder: new () => Utf8Encoder;
  Buffer?: { prototype: { [name in 'swap16' | 'swap32' | 'swap64']?: (this: Uint8Array) => unknown } };
};

/** Decodes UTF-8. @throws TypeError on bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  return new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
}

/** Encodes text, whose surrogates must be paired, as UTF-8. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new platform.TextEncoder().encode(text);
}

/** The byte order of this machine's typed arrays. */
export const NATIVE_ORDER: '<' | '>' = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? '<' : '>';

const { swap16, swap32, swap64 } = platform.Buffer?.prototype ?? {};

/** Node's own swaps of words of 2, 4 and 8 bytes, in place, by their size. None in a browser. */
export const nativeSwaps: Readonly<Record<number, ((this: Uint8Array) => unknown) | undefined>> = {
  2: swap16,
  4: swap32,
  8: swap64,
};
