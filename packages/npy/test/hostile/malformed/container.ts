// Files with errors in front of the header's text or behind it: magic, version, length, data, limits.
import { fileWithHeader, headerText } from '../../support/npy-files.ts';
import { DATA, GOOD, type Malformed, rows } from './row.ts';

const good = fileWithHeader(GOOD, 1, DATA);
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const joined = (...parts: (Uint8Array | string)[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin1(part) : part))));
/** Returns a copy of `good` with `bytes` at position `at`. */
const patched = (at: number, ...bytes: number[]): Uint8Array => {
  const copy = Uint8Array.from(good);
  copy.set(bytes, at);
  return copy;
};
/** Returns a file with that descr and shape, and `bytes` bytes of data. */
const short = (descr: string, bytes: number, shape?: string): Uint8Array =>
  fileWithHeader(headerText({ descr, ...(shape !== undefined && { shape }) }), 1, DATA.subarray(0, bytes));

const magic = rows('NPY_NOT_NPY', [
  ['text', latin1('hello, world')],
  ['zeros', new Uint8Array(200)],
  ['a zip archive', joined('PK\x03\x04', good)],
  ['an empty zip archive', joined('PK\x05\x06', new Uint8Array(18))],
  ['a pickle', joined('\x80\x04\x95\x10\0\0\0\0\0\0\0.')],
  ['gzip around it', joined('\x1f\x8b\x08\0', good)],
  ['a byte order mark in front', joined('\xef\xbb\xbf', good)],
  ['a line feed in front', joined('\n', good)],
  ['the high bit gone', patched(0, 0x13)],
  ['the first byte as UTF-8', joined('\xc2\x93NUMPY\x01\0', good.subarray(8))],
  ['lower case', patched(1, ...latin1('numpy'))],
  ['NUMPZ', patched(5, 0x5a)],
  ['one letter short', joined(good.subarray(0, 5), good.subarray(6))],
  ['reversed', Uint8Array.from(good).reverse()],
  ['only its first byte wrong', patched(0, 0x92)],
  ['one wrong byte alone', Uint8Array.of(0)],
  ['PNG', joined('\x89PNG\r\n\x1a\n')],
  ['HDF5', joined('\x89HDF\r\n\x1a\n')],
  ['JSON', latin1('{"descr": "<f4", "shape": [2]}')],
  ['the header alone, without what stands in front', latin1(GOOD)],
]);

const version = rows('NPY_VERSION', [
  ...[0, 4, 5, 9, 0x31, 0x80, 0xff].map((major) => [`${major}.0`, patched(6, major)] as const),
  ...[1, 2, 3, 0xff].map((minor) => [`1.${minor}`, patched(7, minor)] as const),
  ['2.1', patched(6, 2, 1)],
  ['3.1', patched(6, 3, 1)],
  ['0.1, the two swapped', patched(6, 0, 1)],
  ['4, and nothing behind', Uint8Array.from([...good.subarray(0, 6), 4])],
]);

const cut = rows('NPY_TRUNCATED', [
  ['no bytes', new Uint8Array(0)],
  ...Array.from({ length: 10 }, (_, i) => [`${i + 1} bytes`, good.subarray(0, i + 1)] as const),
  ['2.0, 11 bytes', fileWithHeader(GOOD, 2).subarray(0, 11)],
  ['half a header', good.subarray(0, 40)],
  ['all of the header but its last byte', good.subarray(0, 9 + GOOD.length)],
  ['a header of 10 000 characters, not there', patched(8, 0x10, 0x27).subarray(0, 100)],
  ['no data', fileWithHeader(GOOD)],
  ['one byte of data short', short("'<i4'", 7)],
  ['one element short', short("'<i4'", 4)],
  ['a 0-d array without data', short("'<i4'", 0, '()')],
  ['3.0, one byte short', fileWithHeader(GOOD, 3, DATA.subarray(0, 7))],
  ['half a complex number', short("'<c16'", 8, '()')],
  ['a long double without its padding', short("'<f16'", 10, '()')],
  ['a text short', short("'<U3'", 12)],
  ['a structure short', short("[('a', '<i4'), ('b', '|S5')]", 17)],
  ['a structure without its last gap', short("[('a', '|i1'), ('', '|V7')]", 9)],
  ...['(1000000,)', '(1000, 1000, 1000)', '(4294967296,)', '(1125899906842624,)', '(9007199254740991,)'].map(
    (shape) => [`one byte each, of shape ${shape}`, short("'|u1'", 4096, shape)] as const,
  ),
  ['2^31 - 1 bytes an element', short("'|V2147483647'", 4096)],
]);

const long = (characters: number): string => GOOD + ' '.repeat(characters - GOOD.length);
const limits = rows('NPY_LIMIT', [
  ['1.0, 10 001 characters', fileWithHeader(long(10_001), 1, DATA)],
  ['2.0, 10 001 characters', fileWithHeader(long(10_001), 2, DATA)],
  ['3.0, 10 001 characters', fileWithHeader(long(10_001), 3, DATA)],
  ['1.0, 65 535 characters', fileWithHeader(long(65_535), 1, DATA)],
  ['a name of 9990 characters', fileWithHeader(headerText({ descr: `[('${'x'.repeat(9990)}', '<i4')]` }), 1, DATA)],
  ['3.0, 10 001 characters, most of four bytes', fileWithHeader(long(1000) + '\u{1f600}'.repeat(9001), 3, DATA)],
  ['2.0, 4 GiB of header, not there', joined('\x93NUMPY\x02\0\xff\xff\xff\xff', DATA)],
  ['3.0, 4 GiB of header, not there', joined('\x93NUMPY\x03\0\xff\xff\xff\xff', DATA)],
  ['1.0, 65 535 bytes of header, not there', patched(8, 0xff, 0xff)],
  ['2^60 elements without bytes', short("'|V0'", 4096, `(${2 ** 30}, ${2 ** 30})`)],
]);

const utf8 = rows('NPY_HEADER', [
  ['a byte that no UTF-8 has', joined('\x93NUMPY\x03\0\x05\0\0\0{\xff} \n')],
  ['half a character', joined('\x93NUMPY\x03\0\x05\0\0\0{} \n\xc3')],
  ['a surrogate in UTF-8', joined('\x93NUMPY\x03\0\x05\0\0\0\xed\xa0\x80 \n')],
  ['an overlong slash', joined('\x93NUMPY\x03\0\x04\0\0\0\xc0\xaf \n')],
  ['past U+10FFFF', joined('\x93NUMPY\x03\0\x05\0\0\0\xf4\x90\x80\x80\n')],
  ['a byte order mark', fileWithHeader(`\ufeff${GOOD}`, 3, DATA)],
  ['the L of Python 2', fileWithHeader(headerText({ shape: '(2L,)' }), 3, DATA)],
  ['a digit of another script', fileWithHeader(headerText({ shape: '(\u0662,)' }), 3, DATA)],
  ['a full-width exclamation mark', fileWithHeader(headerText({ order: 'True\uff01' }), 3, DATA)],
  ['a no-break space', fileWithHeader(GOOD.replace(': (', ':\u00a0('), 3, DATA)],
]);

export const container: Readonly<Record<string, readonly Malformed[]>> = {
  magic,
  version,
  'cut off': cut,
  limits,
  'version 3.0': utf8,
};
