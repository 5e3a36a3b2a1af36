// Encodes and decodes the names of members, which are UTF-8 if a flag of the member says so, and otherwise code page 437. The name of an
// array is that of its member without `.npy`.
import { latin1 } from '../text/latin1.ts';
import { decodeUtf8, encodeUtf8 } from '../text/utf8.ts';
import { archiveError } from './archive-error.ts';

const SUFFIX = '.npy';
const MAX_NAME_BYTES = 0xffff;
const LONE_SURROGATE = /\p{Cs}/u;

/** The characters 0x80 to 0xff of the code page 437, which was the character set of the IBM PC. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

/** The name of a member, as an archive contains it. */
export interface EncodedName {
  readonly bytes: Uint8Array;
  /** True if the bytes are UTF-8 and not ASCII. A flag of the member says so. */
  readonly isUtf8: boolean;
}

/**
 * Returns the name of the member that holds the array `name`.
 * @throws NpyError NPY_ARCHIVE, the caller's fault, for a name that is too long, or has a NUL or a lone surrogate
 */
export function encodeName(name: string): EncodedName {
  const text = name + SUFFIX;
  const bytes = encodeUtf8(text);
  const problem = name.includes('\0')
    ? 'has a NUL character'
    : LONE_SURROGATE.test(name)
      ? 'has half of a surrogate pair'
      : bytes.length > MAX_NAME_BYTES
        ? `has ${bytes.length} bytes, of at most ${MAX_NAME_BYTES}`
        : undefined;
  if (problem !== undefined) throw archiveError(`the name of an array ${problem}`, { member: text }, 'caller');
  return { bytes, isUtf8: bytes.length !== text.length };
}

/** Returns a member's name as a string. @throws NpyError NPY_ARCHIVE if it is not UTF-8 although its flag says so, or has a NUL */
export function decodeName({ bytes, isUtf8 }: EncodedName): string {
  const text = isUtf8 ? utf8Of(bytes) : latin1(bytes).replace(/[\x80-\xff]/g, characterOf);
  // Some readers cut such a name at the NUL, and others do not.
  if (text.includes('\0')) throw archiveError('the name of a member has a NUL character', { member: text });
  return text;
}

function utf8Of(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    throw archiveError('the name of a member is not UTF-8, although its flags say so');
  }
}

function characterOf(byte: string): string {
  return CODE_PAGE_437.charAt(byte.charCodeAt(0) - 0x80);
}

/** Returns the name of the array in a member: the member's name without one `.npy` at its end. */
export function arrayName(member: string): string {
  return member.endsWith(SUFFIX) ? member.slice(0, -SUFFIX.length) : member;
}
