// Recognizes the format of a message by its first bytes, without its framing: an array, another format, another protocol.
import { quoted } from '../errors/quoted.ts';

/** A format that bytes seem to have. */
export interface Content {
  /** A name for error messages: `a .npy array`. */
  readonly name: string;
  /** True if bytes of another format are very unlikely to look like this. */
  readonly certain: boolean;
  /** Advice for the user whose program expected another format, or ''. */
  readonly advice: string;
}

const AN_ARRAY = 'a .npy array';
const USE_SAVE = 'send what np.save writes into a BytesIO';
const SHOWN_CHARACTERS = 60;
const LEAST_TEXT_BYTES = 4;
/** The fewest bytes that are recognized as a part of a format's first bytes. */
const LEAST_BEGIN_BYTES = 2;

/** Formats by their first bytes. */
const FORMATS: readonly [begin: string, name: string, advice: string][] = [
  ['\x93NUMPY', AN_ARRAY, ''],
  ['PK\x03\x04', 'an npz file', 'np.save writes one array, np.savez a zip of several'],
  ['\xff\xd8\xff', 'a JPEG picture', 'have it decoded into an array first'],
  ['\x89PNG', 'a PNG picture', 'have it decoded into an array first'],
  ['\x89HDF', 'an HDF5 file', USE_SAVE],
  ['\x1f\x8b', 'gzip data', 'have it sent as it is, not compressed'],
  ['HTTP/', 'an HTTP reply', 'a web server answers there, which takes HTTP requests and no dialect'],
  ['PRI * HTTP/2', 'an HTTP/2 client', 'it needs a web server'],
  ['SSH-', "an SSH server's greeting", 'is it the right port?'],
  ['RFB ', "a VNC server's greeting", 'is it the right port?'],
  ['AMQP', 'an AMQP broker', 'is it the right port?'],
  ['220 ', "a mail or FTP server's greeting", 'is it the right port?'],
  ['+OK', "a POP3 or Redis server's reply", 'is it the right port?'],
  ['-ERR', "a POP3 or Redis server's error", 'is it the right port?'],
  ['* OK', "an IMAP server's greeting", 'is it the right port?'],
  ['Traceback (most recent call last)', 'the traceback of a Python program', 'the program failed, and says why'],
];

const PICKLED = `a pickle can run code in the program that reads it: ${USE_SAVE}`;
/** The opcodes that may follow the first two bytes of a pickle of protocol 2 or 3. */
const OPCODES = 'c(])}XKJMGNU\x8a\x88\x89';
const TLS = 'one side speaks TLS, and the other does not';

/** Formats by their first byte and the bytes that may follow it. */
const MARKED: readonly [mark: string, next: readonly string[], name: string, advice: string][] = [
  ['\x80', ['\x04\x95', '\x05\x95'], 'a pickled Python object', PICKLED],
  ['\x80', [...OPCODES].flatMap((opcode) => [`\x02${opcode}`, `\x03${opcode}`]), 'a pickled Python object', PICKLED],
  ['\x16', ['\x03\x00', '\x03\x01', '\x03\x02', '\x03\x03'], 'a TLS handshake', TLS],
  ['\x15', ['\x03\x00', '\x03\x01', '\x03\x02', '\x03\x03'], 'a TLS alert', TLS],
];

/** Formats of text. */
const PATTERNS: readonly [pattern: RegExp, name: string, advice: string][] = [
  [/^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) \S/, 'an HTTP request', 'this is no web server'],
  [/^\s*<(!doctype|html|\?xml)/i, 'HTML or XML', 'a web server or a proxy answers there'],
  [/^\s*(\{\s*["}]|\[\s*[\d"[{\]tfn-])/, 'JSON text', USE_SAVE],
];

/** Returns the format with which `bytes` begin; undefined if the format is not known, or if there are too few bytes. */
export function contentOf(bytes: Uint8Array): Content | undefined {
  const text = latin1(bytes);
  for (const [begin, name, advice] of FORMATS) {
    const cut = text.length >= LEAST_BEGIN_BYTES && begin.startsWith(text);
    if (cut || text.startsWith(begin)) return { name, certain: true, advice };
  }
  for (const [mark, next, name, advice] of MARKED) {
    if (next.some((each) => text.startsWith(mark + each))) return { name, certain: true, advice };
  }
  for (const [pattern, name, advice] of PATTERNS) if (pattern.test(text)) return { name, certain: true, advice };
  if (bytes.length < LEAST_TEXT_BYTES || !/^[\t\n\r\x20-\x7e]+$/.test(text)) return undefined;
  const name = `text, such as a greeting or an error: "${quoted(text.trim(), SHOWN_CHARACTERS)}"`;
  return { name, certain: false, advice: "a greeting is read where the dialect's `opening` says so" };
}

/** Returns true if the format is a .npy array. */
export function isArray({ name }: Content): boolean {
  return name === AN_ARRAY;
}

/** Returns bytes as a string with one character for each byte. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
