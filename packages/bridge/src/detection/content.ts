// Says by its first bytes what a message is, whatever stands in front of it on the wire: an array, another format, another protocol.
import { quoted } from '../errors/quoted.ts';

/** A format that bytes look like. */
export interface Content {
  /** `a .npy array` */
  readonly name: string;
  /** True if a few bytes of something else could not look like this. */
  readonly certain: boolean;
  /** A piece of advice for a program that expected something else. */
  readonly advice: string;
}

const AN_ARRAY = 'a .npy array';
const USE_SAVE = 'np.save into a BytesIO writes what is read here';
const SHOWN_CHARACTERS = 60;
const LEAST_TEXT_BYTES = 4;
/** The fewest bytes of a beginning that did not come whole. */
const LEAST_BEGIN_BYTES = 2;

/** Formats by what they begin with. */
const FORMATS: readonly [begin: string, name: string, advice: string][] = [
  ['\x93NUMPY', AN_ARRAY, ''],
  ['PK\x03\x04', 'an npz file', 'np.save writes one array, np.savez a zip of several'],
  ['\xff\xd8\xff', 'a JPEG picture', 'have it decoded into an array first'],
  ['\x89PNG', 'a PNG picture', 'have it decoded into an array first'],
  ['\x89HDF', 'an HDF5 file', USE_SAVE],
  ['\x1f\x8b', 'gzip data', 'have it sent as it is, not compressed'],
  ['HTTP/', 'an HTTP reply', 'a web server answers there, which takes HTTP requests and no dialect'],
  ['PRI * HTTP/2', 'an HTTP/2 client', 'it takes a web server'],
  ['SSH-', "an SSH server's greeting", 'is it the right port?'],
  ['RFB ', "a VNC server's greeting", 'is it the right port?'],
  ['AMQP', 'an AMQP broker', 'is it the right port?'],
  ['220 ', "a mail or FTP server's greeting", 'is it the right port?'],
  ['+OK', "a POP3 or Redis server's reply", 'is it the right port?'],
  ['-ERR', "a POP3 or Redis server's error", 'is it the right port?'],
  ['* OK', "an IMAP server's greeting", 'is it the right port?'],
  ['Traceback (most recent call last)', 'the traceback of a Python program', 'the program failed, and says why'],
];

const PICKLED = `pickles are run by whoever reads them: ${USE_SAVE}`;
/** The opcodes that a pickle of protocol 2 or 3 begins with. */
const OPCODES = 'c(])}XKJMGNU\x8a\x88\x89';
const TLS = 'one side speaks TLS, and the other does not';

/** Formats by a mark of one byte and what must follow it. */
const MARKED: readonly [mark: string, next: readonly string[], name: string, advice: string][] = [
  ['\x80', ['\x04\x95', '\x05\x95'], 'a pickled Python object', PICKLED],
  ['\x80', [...OPCODES].flatMap((opcode) => [`\x02${opcode}`, `\x03${opcode}`]), 'a pickled Python object', PICKLED],
  ['\x16', ['\x03\x00', '\x03\x01', '\x03\x02', '\x03\x03'], 'a TLS handshake', TLS],
  ['\x15', ['\x03\x00', '\x03\x01', '\x03\x02', '\x03\x03'], 'a TLS alert', TLS],
];

/** Texts. */
const PATTERNS: readonly [pattern: RegExp, name: string, advice: string][] = [
  [/^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT) \S/, 'an HTTP request', 'this is no web server'],
  [/^\s*<(!doctype|html|\?xml)/i, 'HTML or XML', 'a web server or a proxy answers there'],
  [/^\s*(\{\s*["}]|\[\s*[\d"[{\]tfn-])/, 'JSON text', USE_SAVE],
];

/** Returns the format that `bytes` begin with; undefined where that is nothing known, or too little to know. */
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

/** Returns whether it is the format that is read here. */
export function isArray({ name }: Content): boolean {
  return name === AN_ARRAY;
}

/** One character a byte. */
export function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
