// delimited and fixedLength: the bytes on the wire, messages that cannot be sent, and streams in which the end mark is missing.
import { describe, expect, test } from 'vitest';
import { delimited } from '../../src/framing/delimited.ts';
import { fixedLength } from '../../src/framing/fixed-length.ts';
import { joinMessage } from '../../src/framing/message.ts';
import { byteByByte, feeds } from './feeding.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('delimited', () => {
  test('the bytes: parts as they are, and the end behind them', () => {
    const part = ascii('{"a":1}');
    expect(delimited({ end: '\n' }).encode([part])).toEqual([part, ascii('\n')]);
    expect(delimited({ end: '\n' }).encode([part])[0]).toBe(part);
    expect(delimited({ end: '\n', keep: true }).encode([ascii('a'), ascii('\n')])).toEqual([ascii('a'), ascii('\n')]);
    expect(joinMessage(delimited({ end: Uint8Array.of(0) }).encode([]))).toEqual(Uint8Array.of(0));
  });

  test.each([
    ['the end inside', '\n', false, ['a\nb']],
    ['the end at the seam of two parts', '\r\n', false, ['a\r', '\nb']],
    ['the end across three parts', 'END', false, ['aE', 'N', 'Db']],
    ['a message that makes an earlier end with its own', '\r\n\r\n', false, ['a\r\n']],
    ['kept, and not there', '\n', true, ['a']],
    ['kept, and there twice', '\n', true, ['a\n', 'b\n']],
    ['kept, and the message is empty', '\n', true, []],
  ])('a message that the other end would read as another is not sent: %s', (_, end, keep, parts) => {
    expect(() => delimited({ end, keep }).encode(parts.map(ascii))).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' }),
    );
  });

  test('an end that nearly comes, however it is cut', () => {
    for (const [, feed] of feeds) {
      for (const chunks of [[ascii('aENENDbEND')], byteByByte(ascii('aENENDbEND'))]) {
        expect(feed(delimited({ end: 'END' }).decoder(), chunks)).toEqual({ messages: [ascii('aEN'), ascii('b')] });
      }
    }
  });

  test('a stream without an end is refused as soon as its message is past the limit, and looked through once', () => {
    const decoder = delimited({ end: '\n' }).decoder({ maxMessageBytes: 1_000_000 });
    const chunk = new Uint8Array(1000).fill(0x61);
    for (let i = 0; i < 1000; i++) expect(decoder.push(chunk)).toBeUndefined();
    expect(() => decoder.push(chunk.subarray(0, 2))).toThrow(expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }));
  });

  test.each([
    ['', 'empty'],
    ['\u00e9', 'past ASCII'],
    [new Uint8Array(65), 'too long'],
    [new Uint8Array(0), 'no bytes'],
    [7, 'a number'],
    [undefined, 'missing'],
  ])('an invalid end: %j (%s)', (end, _) => {
    expect(() => delimited({ end: end as never })).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }));
  });
});

describe('fixedLength', () => {
  test('messages of that size, cut anywhere, and no others', () => {
    const framing = fixedLength({ bytes: 3 });
    const wire = joinMessage([...framing.encode([ascii('ab'), ascii('c')]), ...framing.encode([ascii('def')])]);
    for (const [, feed] of feeds) {
      for (const chunks of [[wire], byteByByte(wire)]) {
        expect(feed(framing.decoder(), chunks)).toEqual({ messages: [ascii('abc'), ascii('def')] });
      }
    }
    for (const size of [0, 2, 4]) {
      expect(() => framing.encode([new Uint8Array(size)])).toThrow(
        expect.objectContaining({ code: 'TRANSPORT_BAD_MESSAGE', detail: { expected: 3, actual: size } }),
      );
    }
  });

  test('cut short, and past the limit', () => {
    const decoder = fixedLength({ bytes: 3 }).decoder();
    decoder.push(ascii('ab'));
    expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'TRANSPORT_TRUNCATED' }));
    expect(() => fixedLength({ bytes: 3 }).decoder({ maxMessageBytes: 2 }).push(ascii('a'))).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }),
    );
  });

  test.each([0, -1, 1.5, Number.NaN, '3', undefined])('an invalid size: %j', (bytes) => {
    expect(() => fixedLength({ bytes: bytes as never })).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }),
    );
  });
});
