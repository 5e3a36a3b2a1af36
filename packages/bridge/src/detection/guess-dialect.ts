// Guesses the dialect of a message from its first bytes, for the message of an error. A guess may be wrong, and nothing depends on it.
import { type Framing, joinMessage } from '@bridge/transport';
import { SHOWN_BYTES } from '@bridge/transport/internal';
import { contentOf, isArray, latin1 } from './content.ts';

/** The limit for a length. A number above it is more likely to be characters of a text. */
const MOST_LENGTH = 2 ** 40;
/** The smallest and the largest number that counts as a length if no known format follows it. */
const LEAST_BARE_LENGTH = 16;
const MOST_BARE_LENGTH = 2 ** 31;
/** The first word of a guess that rests on zero bytes alone. */
const PERHAPS = 'perhaps';

/** A length as struct.pack writes it. */
interface Prefix {
  readonly bytes: 2 | 4 | 8;
  readonly endian: 'big' | 'little';
  readonly length: number;
}

/** Returns what a message looks like, as half a sentence: `a length of 4 bytes, big-endian, in front of a .npy array: …`. */
export function guess(head: Uint8Array): string | undefined {
  const whole = contentOf(head);
  if (whole && isArray(whole))
    return `${whole.name} with no length in front of it: \`npyMessage()\`, as dialects.seed reads replies`;
  if (whole?.certain) return withAdvice(whole.name, whole.advice);
  return decimal(latin1(head), head) ?? prefixed(head) ?? (whole ? withAdvice(whole.name, whole.advice) : bare(head));
}

/**
 * Returns a sentence about what the front of a message looks like, for the end of an error message; undefined if messages of `framing`
 * and of the codec look the same.
 * @param framing undefined if there is nothing in front of the message
 * @param sample a message of the codec, or its first bytes; default: those of a .npy array
 */
export function unlike(framing: Framing | undefined, head: Uint8Array, sample: Uint8Array = NPY): string | undefined {
  const looks = guess(head);
  if (looks === undefined || looks === guess(framedSample(framing, sample))) return undefined;
  return looks.startsWith(PERHAPS) ? `it is ${looks}` : `it looks like ${looks}`;
}

/** The first bytes of a .npy array. */
const NPY = new Uint8Array(144);
NPY.set(Uint8Array.from('\x93NUMPY\x01\x00v\x00{', (character) => character.charCodeAt(0)));

/** Returns the first bytes of the sample, framed. */
function framedSample(framing: Framing | undefined, sample: Uint8Array): Uint8Array {
  try {
    return framing ? joinMessage(framing.encode([sample])).subarray(0, SHOWN_BYTES) : sample;
  } catch {
    // A user's own framing may reject the sample.
    return new Uint8Array(0);
  }
}

/** Returns the guess for a length in decimal digits, which is padded with spaces or zeros, or ended by a mark. */
function decimal(text: string, head: Uint8Array): string | undefined {
  const [, digits = '', mark = ''] = /^(\d{1,20})(:|\r?\n| *)/.exec(text) ?? [];
  if (digits === '') return undefined;
  const width = digits.length + mark.length;
  const content = contentOf(head.subarray(width));
  if (mark === ':') {
    const length = 'a length in decimal digits and a colon';
    if (content?.name === 'an npz file') return `${length} in front of an npz file: dialects.numpysocket`;
    return framed(length, content, "decimalLength({ end: ':' })");
  }
  if (mark === '\n')
    return framed('a length in decimal digits and a line end', content, "decimalLength({ end: '\\n' })");
  // Digits alone count as a length only if a known format follows, or if nothing has followed yet.
  if (!content?.certain && head.length > width) return undefined;
  const how = `${width} decimal digits${mark === '' ? '' : ', padded with spaces,'}`;
  return framed(
    `a length of ${how}`,
    content,
    width === 10 ? 'dialects.tenDigits' : `asciiLength({ width: ${width} })`,
  );
}

/** Returns the guess for a binary length in front of a known format. */
function prefixed(head: Uint8Array): string | undefined {
  for (const bytes of [4, 8, 2] as const) {
    const content = contentOf(head.subarray(bytes));
    if (!content?.certain) continue;
    const [prefix] = lengths(head, bytes);
    if (prefix) return framed(prefixText(prefix), content, dialectText(prefix));
  }
  return undefined;
}

/** Returns the guess for a binary length in front of an unknown format. It must have the zero bytes of a small number. */
function bare(head: Uint8Array): string | undefined {
  for (const bytes of [8, 4] as const) {
    const [prefix] = lengths(head, bytes);
    if (!prefix || prefix.length < LEAST_BARE_LENGTH || prefix.length > MOST_BARE_LENGTH) continue;
    const zeros = head.subarray(0, bytes).filter((byte) => byte === 0).length;
    if (head.length > bytes && zeros < bytes / 4) continue;
    return `${PERHAPS} ${prefixText(prefix)} which says ${prefix.length}: ${dialectText(prefix)}`;
  }
  return undefined;
}

/** Returns the two lengths, one for each byte order, that the first bytes may be, the smaller one first. */
function lengths(head: Uint8Array, bytes: Prefix['bytes']): Prefix[] {
  if (head.length < bytes) return [];
  let big = 0;
  let little = 0;
  for (let i = 0; i < bytes; i++) {
    big = big * 256 + (head[i] ?? 0);
    little = little * 256 + (head[bytes - 1 - i] ?? 0);
  }
  const both: Prefix[] = [
    { bytes, endian: 'big', length: big },
    { bytes, endian: 'little', length: little },
  ];
  return both.filter(({ length }) => length > 0 && length < MOST_LENGTH).sort((a, b) => a.length - b.length);
}

function prefixText({ bytes, endian }: Prefix): string {
  return `a length of ${bytes} bytes, ${endian}-endian,`;
}

function dialectText({ bytes, endian }: Prefix): string {
  return `dialects.prefixed({ bytes: ${bytes}${endian === 'little' ? ", endian: 'little'" : ''} })`;
}

function framed(length: string, content: ReturnType<typeof contentOf>, reader: string): string {
  if (!content) return `${length}: ${reader}`;
  const front = `${length} in front of ${content.name}: ${reader}`;
  if (isArray(content)) return front;
  return withAdvice(`${front} reads the length, but not what is behind it`, content.advice);
}

function withAdvice(text: string, advice: string): string {
  return advice === '' ? text : `${text}; ${advice}`;
}
