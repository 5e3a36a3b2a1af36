// decimalLength: a length is digits up to an end mark. The tests cover every way in which it is invalid.
import { expect, test } from 'vitest';
import { decimalLength } from '../../src/framing/decimal-length.ts';
import { byteByByte, feeds } from './feeding.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const framing = decimalLength({ end: ':' });

test('the bytes', () => {
  expect(framing.encode([ascii('hello'), ascii('world')])[0]).toEqual(ascii('10:'));
  expect(framing.encode([])).toEqual([ascii('0:')]);
  expect(decimalLength({ end: '\n' }).encode([ascii('x')])).toEqual([ascii('1\n'), ascii('x')]);
});

test('parts are sent as they are, none copied and none left out', () => {
  const parts = [ascii('a'), new Uint8Array(0), ascii('bc').subarray(1)];
  const [, ...sent] = framing.encode(parts);
  expect(sent).toHaveLength(3);
  for (const [i, part] of parts.entries()) expect(sent[i]).toBe(part);
});

test.each([
  ['1:a', 'a'],
  ['0:', ''],
  ['0000000000000001:a', 'a'],
  ['3:1:2', '1:2'],
])('%j holds %j', (wire, message) => {
  for (const [, feed] of feeds) {
    for (const chunks of [[ascii(wire)], byteByByte(ascii(wire))]) {
      expect(feed(framing.decoder(), chunks)).toEqual({ messages: [ascii(message)] });
    }
  }
});

test.each([
  ['no digits', ':abc', ':'],
  ['a letter first', 'abc:', 'a'],
  ['a letter behind digits', '12abc:', '12a'],
  ['a space behind digits', '12 :', '12 '],
  ['a sign', '-1:', '-'],
  ['another mark', '12;', '12;'],
  ['more digits than 2^53 has', '12345678901234567:', '12345678901234567'],
])('an invalid length is refused at its first wrong byte: %s', (_, wire, text) => {
  for (const [, feed] of feeds) {
    for (const chunks of [[ascii(wire)], byteByByte(ascii(wire))]) {
      const outcome = feed(framing.decoder(), chunks);
      expect(outcome).toMatchObject({
        messages: [],
        error: { code: 'TRANSPORT_BAD_FRAME', fault: 'peer', detail: { text } },
      });
    }
  }
});

test('a length over the limit, and one that no number holds', () => {
  expect(() => framing.decoder({ maxMessageBytes: 99 }).push(ascii('100:'))).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', detail: { bytes: 100, maxMessageBytes: 99 } }),
  );
  expect(() => framing.decoder({ maxMessageBytes: Infinity }).push(ascii('9999999999999999:'))).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }),
  );
});
