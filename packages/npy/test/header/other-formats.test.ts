// The error for bytes that are not a .npy file names the format that they have, and says how to get an array from them. The error
// for a value that is not bytes names its class.
import { Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import { array, decode, decodeStream, encode, readHeader } from '../../src/index.ts';
import { thrownBy } from '../support/npy-files.ts';

const npy = encode([1, 2, 3]);
const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const binary = (start: string): Uint8Array => Uint8Array.from(Buffer.from(`${start}${'\0'.repeat(300)}`, 'latin1'));
const tar = binary('');
tar.set(text('name.npy'));
tar.set(text('ustar'), 257);

test.each<[string, Uint8Array, RegExp]>([
  ['an .npz archive', binary('PK\x03\x04'), /zip archive.*npz/],
  [
    'an .npz archive as np.savez writes it, not compressed',
    Buffer.concat([binary('PK\x03\x04').subarray(0, 55), npy]),
    /zip archive.*npz/,
  ],
  ['gzip', gzipSync(npy), /gzip: decompress/],
  ['gzip that does not compress', gzipSync(npy, { level: 0 }), /gzip: decompress/],
  ['zlib', deflateSync(npy), /zlib: decompress/],
  ['zstd', binary('(\xb5/\xfd'), /zstd/],
  ['an HTML page', text('<!DOCTYPE html><html>'), /HTML/],
  ['an HTML page behind blank lines', text('\r\n\n  <html>404'), /HTML/],
  ['JSON', text('{"error": "not found"}'), /JSON/],
  ['JSON with a mark of byte order', text('\ufeff[1, 2]'), /JSON/],
  ['a git-lfs pointer', text('version https://git-lfs.github.com/spec/v1\noid sha256:4d\n'), /git lfs pull/],
  ['a pickle', binary('\x80\x04\x95'), /pickle/],
  ['a PNG', binary('\x89PNG\r\n'), /PNG/],
  ['a JPEG', binary('\xff\xd8\xff\xe0'), /JPEG/],
  ['HDF5', binary('\x89HDF\r\n'), /HDF5/],
  ['Parquet', binary('PAR1'), /Parquet/],
  ['a PDF', binary('%PDF-1.7'), /PDF/],
  ['a tar archive', tar, /tar archive/],
  ['base64', text(Buffer.from(npy).toString('base64')), /base64/],
  ['a file that was read as text', text(Buffer.from(npy).toString('utf8')), /read as text/],
  ['a file that was read as Latin-1 and written as UTF-8', text(Buffer.from(npy).toString('latin1')), /read as text/],
  ['hex', text(Buffer.from(npy).toString('hex')), /hex/],
  ['a file behind JSON', Buffer.concat([text('{"shape": [3]}'), npy]), /at byte 14/],
  ['a file behind a length', Buffer.concat([text('152       '), npy]), /at byte 10/],
  ['words', text('File not found.'), /text, "File not found\."/],
])('%s', (_, bytes, said) => {
  for (const call of [decode, readHeader, core.decode]) {
    const error = thrownBy(() => call(bytes));
    expect(error).toMatchObject({ name: 'NpyError', code: 'NPY_NOT_NPY', fault: 'data' });
    expect((error as Error).message).toMatch(said);
  }
});

test('bytes that nobody knows are told in hex', () => {
  expect(thrownBy(() => decode(Uint8Array.of(1, 2, 3, 4, 5, 6)))).toMatchObject({
    message: 'npy: expected the magic 93 4e 55 4d 50 59, found 01 02 03 04 05 06',
  });
});

describe('no bytes', () => {
  test.each<[string, unknown, RegExp]>([
    ['a Promise', Promise.resolve(npy), /Promise: await it/],
    ['a Response', new Response(npy), /Response: await its arrayBuffer/],
    ['a Blob', new Blob([npy]), /Blob: await its arrayBuffer/],
    ['a ReadableStream', new Blob([npy]).stream(), /ReadableStream: .*decodeStream/],
    ['a stream of Node', Readable.from([npy]), /Readable: .*decodeStream/],
    ['the name of a file', 'frames/1.npy', /string: .*load/],
    ['a list of numbers', [...npy], /Array: make a Uint8Array/],
    ['an array', array([1]), /decode takes the bytes/],
    ['null', null, /got null/],
    ['undefined', undefined, /got undefined/],
    ['a number', 7, /got number/],
  ])('%s', (_, value, said) => {
    for (const call of [decode, readHeader, core.decode]) {
      const error = thrownBy(() => call(value as never));
      expect(error).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
      expect((error as Error).message).toMatch(said);
    }
  });

  test('an invalid stream says what it is', async () => {
    await expect(decodeStream(new Blob([]) as never).next()).rejects.toThrow(/Blob/);
    await expect(decodeStream(Promise.resolve([]) as never).next()).rejects.toThrow(/Promise: await/);
  });
});

test('errors name what helps', () => {
  expect(thrownBy(() => decode(npy, { limits: { maxBytes: 23 } }))).toMatchObject({
    code: 'NPY_LIMIT',
    message: expect.stringContaining('limits.maxBytes'),
  });
  expect(thrownBy(() => decode(npy, { limits: { maxElements: 2 } }))).toMatchObject({
    message: expect.stringContaining('limits.maxElements'),
  });
  expect(thrownBy(() => decode(npy, { limits: { maxHeaderCharacters: 2 } }))).toMatchObject({
    message: expect.stringContaining('limits.maxHeaderCharacters'),
  });
  expect(thrownBy(() => encode(array([1], { dtype: 'object' })))).toMatchObject({
    code: 'NPY_OBJECTS',
    message: expect.stringContaining('@bridge/npy/pickle'),
  });
});
