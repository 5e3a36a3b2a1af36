// uintLength: both byte orders, every width, and the lengths that a JavaScript number cannot hold.
import { expect, test } from 'vitest';
import { uintLength } from '../../src/framing/uint-length.ts';
import { byteByByte, feeds } from './feeding.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the bytes, as struct.pack writes them', () => {
  const message = [new Uint8Array(921_728)];
  expect(uintLength({ bytes: 4 }).encode(message)[0]).toEqual(Uint8Array.of(0, 0x0e, 0x10, 0x80));
  expect(uintLength({ bytes: 4, endian: 'little' }).encode(message)[0]).toEqual(Uint8Array.of(0x80, 0x10, 0x0e, 0));
  expect(uintLength({ bytes: 8 }).encode(message)[0]).toEqual(Uint8Array.of(0, 0, 0, 0, 0, 0x0e, 0x10, 0x80));
  expect(uintLength({ bytes: 3, endian: 'little' }).encode(message)[0]).toEqual(Uint8Array.of(0x80, 0x10, 0x0e));
  expect(uintLength({ bytes: 1 }).encode([])).toEqual([Uint8Array.of(0)]);
});

test('a length past 2^32 keeps its upper half', () => {
  const huge = Object.defineProperty(new Uint8Array(1), 'length', { value: 2 ** 40 + 5 });
  expect(uintLength({ bytes: 8 }).encode([huge])[0]).toEqual(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 5));
});

test('parts are sent as they are, none copied and none left out', () => {
  const parts = [ascii('a'), new Uint8Array(0), ascii('bc').subarray(1)];
  const [, ...sent] = uintLength({ bytes: 4 }).encode(parts);
  expect(sent).toHaveLength(3);
  for (const [i, part] of parts.entries()) expect(sent[i]).toBe(part);
});

test.each(['big', 'little'] as const)('every width is read back, %s end first', (endian) => {
  for (let bytes = 1; bytes <= 8; bytes++) {
    const framing = uintLength({ bytes, endian });
    const wire = Buffer.concat(framing.encode([new Uint8Array(200).fill(7)]));
    expect(wire).toHaveLength(bytes + 200);
    for (const [, feed] of feeds) {
      expect(feed(framing.decoder(), byteByByte(wire))).toEqual({ messages: [new Uint8Array(200).fill(7)] });
    }
  }
});

test('a message that the width cannot say', () => {
  expect(uintLength({ bytes: 1 }).encode([new Uint8Array(255)])[0]).toEqual(Uint8Array.of(255));
  expect(() => uintLength({ bytes: 1 }).encode([new Uint8Array(255), new Uint8Array(1)])).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', fault: 'caller', detail: { bytes: 256, width: 1 } }),
  );
});

test('a length over the limit is refused before a byte of the message', () => {
  for (const [, feed] of feeds) {
    const decoder = uintLength({ bytes: 4 }).decoder({ maxMessageBytes: 255 });
    expect(feed(decoder, byteByByte(Uint8Array.of(0, 0, 1, 0))).error).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'peer',
      detail: { bytes: 256, maxMessageBytes: 255 },
    });
  }
});

test('a length past 2^53 - 1 is refused whatever the limit', () => {
  const decoder = uintLength({ bytes: 8 }).decoder({ maxMessageBytes: Infinity });
  expect(() => decoder.push(Uint8Array.of(0, 0x20, 0, 0, 0, 0, 0, 0))).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', detail: { bytes: 2 ** 53, maxMessageBytes: Infinity } }),
  );
});

test('a length within the limit for which there is no memory is too large all the same', () => {
  const decoder = uintLength({ bytes: 8 }).decoder({ maxMessageBytes: Infinity });
  expect(() => decoder.push(Uint8Array.of(0, 0x1f, 255, 255, 255, 255, 255, 255))).toThrow(
    expect.objectContaining({
      code: 'TRANSPORT_TOO_LARGE',
      detail: { bytes: 2 ** 53 - 1, maxMessageBytes: Infinity },
      cause: expect.any(RangeError),
    }),
  );
});
