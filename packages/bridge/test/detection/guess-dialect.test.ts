// The package guesses from bytes which dialect a peer speaks, for wire formats that are common in practice. Errors tell callers and
// listeners the guess.

import { encode } from '@bridge/npy';
import { encodeNpz } from '@bridge/npy/npz';
import { asciiLength, decimalLength, type Framing, joinMessage, uintLength } from '@bridge/transport';
import { SHOWN_BYTES } from '@bridge/transport/internal';
import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { guess, unlike } from '../../src/detection/guess-dialect.ts';
import { dialects } from '../../src/index.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const npy = encode(new Float32Array(600));
const pickle = bytes('\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94.');
const archive = encodeNpz({ frame: { data: new Uint8Array(1) } });
const framed = (framing: Framing, message: Uint8Array = npy): Uint8Array =>
  joinMessage(framing.encode([message])).subarray(0, SHOWN_BYTES);

describe('a wire that is known by its first bytes', () => {
  test.each([
    ['npy with no length', npy, /^a \.npy array with no length in front of it: `npyMessage\(\)`/],
    [
      '4 bytes, big-endian',
      framed(uintLength({ bytes: 4 })),
      /^a length of 4 bytes, big-endian, in front of a \.npy array: dialects\.prefixed\(\{ bytes: 4 \}\)$/,
    ],
    [
      '4 bytes, little-endian',
      framed(uintLength({ bytes: 4, endian: 'little' })),
      /^a length of 4 bytes, little-endian, .*\{ bytes: 4, endian: 'little' \}\)$/,
    ],
    ['8 bytes, big-endian', framed(uintLength({ bytes: 8 })), /^a length of 8 bytes, big-endian, .*\{ bytes: 8 \}\)$/],
    [
      "8 bytes, little-endian, as struct's Q",
      framed(uintLength({ bytes: 8, endian: 'little' })),
      /^a length of 8 bytes, little-endian, /,
    ],
    [
      'the six bytes that a reader of npy quotes',
      framed(uintLength({ bytes: 4 })).subarray(0, 6),
      /^a length of 4 bytes, big-endian, in front of a \.npy array/,
    ],
    [
      'a length that came alone',
      framed(uintLength({ bytes: 4 })).subarray(0, 4),
      /^perhaps a length of 4 bytes, big-endian, which says 2528: dialects\.prefixed\(\{ bytes: 4 \}\)$/,
    ],
    [
      'ten digits',
      framed(asciiLength({ width: 10 })),
      /^a length of 10 decimal digits, padded with spaces, in front of a \.npy array: dialects\.tenDigits$/,
    ],
    ['sixteen digits', framed(asciiLength({ width: 16 })), /asciiLength\(\{ width: 16 \}\)$/],
    [
      'ten digits that came alone',
      bytes('2528      '),
      /^a length of 10 decimal digits, padded with spaces,: dialects\.tenDigits$/,
    ],
    [
      'digits padded with zeros',
      bytes(`0000002528${String.fromCharCode(...npy.subarray(0, 20))}`),
      /^a length of 10 decimal digits in front of a \.npy array/,
    ],
    [
      'digits and a colon',
      framed(decimalLength({ end: ':' })),
      /^a length in decimal digits and a colon in front of a \.npy array: decimalLength\(\{ end: ':' \}\)$/,
    ],
    ['digits and a line end', framed(decimalLength({ end: '\n' })), /decimalLength\(\{ end: '\\n' \}\)$/],
    ['numpysocket', framed(dialects.numpysocket.request, archive), /dialects\.numpysocket$/],
    ['npz', bytes('PK\x03\x04\x14\x00'), /^an npz file; /],
    ['a pickle', pickle, /^a pickled Python object; .*np\.save/],
    ['a pickle of protocol 2', bytes('\x80\x02}q\x00.'), /^a pickled Python object/],
    [
      'struct Q and a pickle',
      framed(uintLength({ bytes: 8, endian: 'little' }), pickle),
      /^a length of 8 bytes, little-endian, in front of a pickled Python object: .* reads the length, but not what is behind it; /,
    ],
    [
      'a JPEG behind a length',
      framed(uintLength({ bytes: 4 }), bytes('\xff\xd8\xff\xe0')),
      /in front of a JPEG picture/,
    ],
    ['an HTTP reply', bytes('HTTP/1.1 400 Bad Request\r\n'), /^an HTTP reply; a web server/],
    ['an HTTP request', bytes('POST /predict HTTP/1.1\r\n'), /^an HTTP request/],
    ['JSON', bytes('{"boxes": [[1, 2]]}'), /^JSON text/],
    ['a JSON list', bytes('[[0.5, 1]]'), /^JSON text/],
    ['HTML', bytes('<!DOCTYPE html><html>'), /^HTML/],
    ['TLS', bytes('\x16\x03\x01\x02\x00\x01'), /^a TLS handshake/],
    ['a TLS alert', bytes('\x15\x03\x03\x00\x02'), /^a TLS alert/],
    ['SSH', bytes('SSH-2.0-OpenSSH_9.6\r\n'), /^an SSH server's greeting/],
    ['a traceback', bytes('Traceback (most recent call last):\n'), /^the traceback of a Python program/],
    [
      'another greeting',
      bytes('READY\n'),
      /^text, such as a greeting or an error: "READY"; a greeting is read where the dialect's `opening` says so$/,
    ],
    ['an error as text', bytes('Error: bad \x1b[31mshape\n'), /./],
  ])('%s', (_, head, expected) => {
    const looks = guess(head);
    if (_ === 'an error as text') expect(looks).toBeUndefined();
    else expect(looks).toMatch(expected);
  });
});

describe('messages that fit the dialect lead to no guess', () => {
  test.each([
    ['seed', dialects.seed.request],
    ["seed's reply", dialects.seed.reply],
    ['prefixed 4', dialects.prefixed({ bytes: 4 }).reply],
    ['prefixed 8, little', dialects.prefixed({ bytes: 8, endian: 'little' }).reply],
    ['a colon', decimalLength({ end: ':' })],
  ])('%s', (_, framing) => {
    expect(unlike(framing, framed(framing))).toBeUndefined();
    expect(unlike(framing, bytes('HTTP/1.1 200 OK'))).toMatch(/^it looks like an HTTP reply/);
  });

  test('numpysocket, whose messages are archives', () => {
    const { request } = dialects.numpysocket;
    expect(unlike(request, framed(request, archive), archive)).toBeUndefined();
    expect(unlike(request, framed(request), archive)).toMatch(/in front of a \.npy array/);
  });

  test('4 bytes in the other order', () => {
    expect(unlike(uintLength({ bytes: 4 }), framed(uintLength({ bytes: 4, endian: 'little' })))).toMatch(
      /little-endian/,
    );
  });
});

property.prop([fc.uint8Array({ maxLength: SHOWN_BYTES })])(
  'any bytes: a short line that a terminal may show, or nothing',
  (head) => {
    const looks = guess(head);
    if (looks === undefined) return;
    expect(looks.length).toBeLessThan(400);
    expect(looks).toMatch(/^[\x20-\x7e…]+$/);
  },
);
