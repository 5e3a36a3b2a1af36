// asciiLength: a length of ten ASCII digits, the other forms of a length that it accepts, and those that it refuses.
import { expect, test } from 'vitest';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { byteByByte, feeds } from './feeding.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const framing = asciiLength({ width: 10 });

test('the bytes: digits on the left, spaces behind', () => {
  expect(framing.encode([ascii('hello'), ascii(' '), ascii('there')])[0]).toEqual(ascii('11        '));
  expect(framing.encode([])).toEqual([ascii('0         ')]);
  expect(asciiLength({ width: 1 }).encode([ascii('123456789')])[0]).toEqual(ascii('9'));
});

test('parts are sent as they are, none copied and none left out', () => {
  const parts = [ascii('a'), new Uint8Array(0), ascii('bc').subarray(1)];
  const [, ...sent] = framing.encode(parts);
  expect(sent).toHaveLength(3);
  for (const [i, part] of parts.entries()) expect(sent[i]).toBe(part);
});

test('a message whose length needs more digits than there are: an error, and the fault of its caller', () => {
  expect(() => asciiLength({ width: 1 }).encode([ascii('1234567890')])).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', fault: 'caller', detail: { bytes: 10, width: 1 } }),
  );
  // The largest length of ten digits is 9 999 999 999 bytes: the peer would take an eleventh digit for the message's first byte.
  const huge = Object.defineProperty(new Uint8Array(1), 'length', { value: 10_000_000_000 });
  expect(() => framing.encode([huge])).toThrow(
    expect.objectContaining({ detail: { bytes: 10_000_000_000, width: 10 } }),
  );
});

test.each([
  ['on the left, as Python writes with :<10', '2         '],
  ['on the right, as Python writes with :>10', '         2'],
  ['zeros in front', '0000000002'],
  ['other white space that int() takes', '\t2\r\n      '],
])('a length %s', (_, head) => {
  for (const [, feed] of feeds) {
    for (const chunks of [[ascii(`${head}ab`)], byteByByte(ascii(`${head}ab`))]) {
      expect(feed(framing.decoder(), chunks)).toEqual({ messages: [ascii('ab')] });
    }
  }
});

test.each([
  ['nothing but spaces', '          '],
  ['letters', 'GET / HTTP'],
  ['a sign', '+2        '],
  ['less than nothing', '-2        '],
  ['a fraction', '2.0       '],
  ['an exponent', '1e3       '],
  ['another base', '0x10      '],
  ['a space inside', '1 2       '],
  ['NUL for padding', '2\0\0\0\0\0\0\0\0\0'],
])('an invalid length: %s', (_, head) => {
  for (const [, feed] of feeds) {
    expect(feed(framing.decoder(), [ascii(`${head}ab`)]).error).toMatchObject({
      code: 'TRANSPORT_BAD_FRAME',
      fault: 'peer',
      // The error quotes the length as it came, with escapes for characters that would act on a terminal.
      detail: { text: head.replaceAll('\0', '\\u0000') },
    });
  }
});

test('a no-break space is no padding, though JavaScript trims it', () => {
  const head = Uint8Array.of(0x32, 0xa0, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20, 0x20);
  expect(() => framing.decoder().push(head)).toThrow(expect.objectContaining({ code: 'TRANSPORT_BAD_FRAME' }));
});

test('a length over the limit is refused on its last digit, before a byte of the message', () => {
  const decoder = framing.decoder({ maxMessageBytes: 99 });
  expect(decoder.push(ascii('100      '))).toBeUndefined();
  expect(() => decoder.push(ascii(' '))).toThrow(
    expect.objectContaining({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'peer',
      detail: { bytes: 100, maxMessageBytes: 99 },
    }),
  );
  expect(framing.decoder({ maxMessageBytes: 100 }).push(ascii('100       '))).toBeUndefined();
});

test('a length of more digits than a number holds is too large, not malformed', () => {
  const head = ascii('9'.repeat(20));
  for (const limits of [{}, { maxMessageBytes: Number.MAX_SAFE_INTEGER }, { maxMessageBytes: Infinity }]) {
    expect(() => asciiLength({ width: 20 }).decoder(limits).push(head)).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE' }),
    );
  }
});
