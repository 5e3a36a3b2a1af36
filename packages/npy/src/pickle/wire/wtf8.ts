// Decodes and encodes the text of a pickle: UTF-8 with lone surrogates as three bytes of their own, as Python's "surrogatepass" writes
// them. Text becomes a string if a JavaScript string can represent it, otherwise a PyStr.
import { decodeUtf8, encodeUtf8 } from '../../text/utf8.ts';
import { PyStr } from '../values/builtin-classes.ts';

/** The most bytes of a text that is first tried as ASCII, which is quicker than the runtime's decoder for short texts. */
const MAX_SHORT_BYTES = 32;

/** Decodes text. Returns undefined for invalid bytes. */
export function decodeText(bytes: Uint8Array): string | PyStr | undefined {
  if (bytes.length <= MAX_SHORT_BYTES) {
    let text = '';
    let i = 0;
    for (; i < bytes.length && (bytes[i] ?? 0) < 0x80; i++) text += String.fromCharCode(bytes[i] ?? 0);
    if (i === bytes.length) return text;
  }
  try {
    return decodeUtf8(bytes);
  } catch {
    return decodeSurrogates(bytes);
  }
}

/** Decodes bytes that the strict decoder refused. Returns text with lone surrogates; undefined for invalid bytes. */
function decodeSurrogates(bytes: Uint8Array): string | PyStr | undefined {
  const units: string[] = [];
  const codes: number[] = [];
  let paired = false;
  for (let i = 0; i < bytes.length; ) {
    const start = i;
    const first = bytes[i++] ?? 0;
    let more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    if (more < 0) return undefined;
    let code = first & [0x7f, 0x1f, 0x0f, 0x07][more]!; // `more` is 0 to 3 here
    const minCode = [0, 0x80, 0x800, 0x10000][more]!;
    for (; more > 0; more--) {
      const next = bytes[i++];
      if (next === undefined || next >> 6 !== 2) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    if (code < minCode || code > 0x10ffff) return undefined;
    const before = codes.at(-1) ?? 0;
    if (before >= 0xd800 && before < 0xdc00 && code >= 0xdc00 && code < 0xe000 && i - start === 3) paired = true;
    codes.push(code);
    units.push(String.fromCodePoint(code));
  }
  return paired ? new PyStr(codes) : units.join('');
}

/** Encodes text. */
export function encodeText(text: string | PyStr): Uint8Array {
  if (text instanceof PyStr) return encodeCodes(text.codePoints);
  if (text.length <= MAX_SHORT_BYTES) {
    const bytes = new Uint8Array(text.length);
    let i = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) break;
      bytes[i] = code;
    }
    if (i === text.length) return bytes;
  }
  return hasLoneSurrogate(text) ? encodeCodes(Array.from(text, (c) => c.codePointAt(0) ?? 0)) : encodeUtf8(text);
}

function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}

function encodeCodes(codes: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  for (const code of codes) {
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), continuationByte(code));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), continuationByte(code >> 6), continuationByte(code));
    else
      bytes.push(
        0xf0 | (code >> 18),
        continuationByte(code >> 12),
        continuationByte(code >> 6),
        continuationByte(code),
      );
  }
  return Uint8Array.from(bytes);
}

function continuationByte(code: number): number {
  return 0x80 | (code & 0x3f);
}
