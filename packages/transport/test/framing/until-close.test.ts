// untilClose: the whole stream is one message, which ends with the stream.
import { expect, test } from 'vitest';
import { untilClose } from '../../src/framing/until-close.ts';
import { byteByByte, feeds } from './feeding.ts';

const bytes = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);

test('a message is sent as it is: not even the list is new', () => {
  const message = [bytes.subarray(0, 1), new Uint8Array(0), bytes.subarray(1)];
  expect(untilClose().encode(message)).toBe(message);
});

test.each(feeds)('nothing is answered before the end, then everything: %s', (_, feed) => {
  for (const chunks of [[bytes], byteByByte(bytes)]) {
    const decoder = untilClose().decoder();
    expect(feed(decoder, chunks)).toEqual({ messages: [] });
    expect(decoder.pendingBytes).toBe(bytes.length);
    const message = decoder.end();
    expect(message).toEqual(bytes);
    expect(message?.buffer.byteLength).toBe(bytes.length);
    expect(decoder.pendingBytes).toBe(0);
  }
});

test('a stream that ends at once is an empty message', () => {
  expect(untilClose().decoder().end()).toEqual(new Uint8Array(0));
});

test("a chunk is copied: what becomes of it afterwards is the sender's affair", () => {
  const decoder = untilClose().decoder();
  const chunk = Uint8Array.of(1, 2, 3);
  decoder.push(chunk);
  chunk.fill(9);
  expect(decoder.end()).toEqual(Uint8Array.of(1, 2, 3));
});

test.each(feeds)('the limit holds for what has come, and to the byte: %s', (_, feed) => {
  const limits = { maxMessageBytes: bytes.length };
  for (const chunks of [[bytes, bytes.subarray(0, 1)], byteByByte(Uint8Array.of(...bytes, 1))]) {
    const decoder = untilClose().decoder(limits);
    expect(feed(decoder, chunks.slice(0, -1))).toEqual({ messages: [] });
    expect(feed(decoder, chunks.slice(-1)).error).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'peer',
      detail: { bytes: bytes.length + 1, maxMessageBytes: bytes.length },
    });
  }
});

test('memory follows the bytes received and never passes the limit by much', () => {
  const decoder = untilClose().decoder({ maxMessageBytes: 10_000 });
  expect(decoder.space().buffer.byteLength).toBeLessThanOrEqual(4096);
  decoder.push(bytes.subarray(0, 9_000));
  expect(decoder.space().buffer.byteLength).toBeLessThanOrEqual(10_001);
  const small = untilClose().decoder({ maxMessageBytes: 10 });
  expect(small.space().buffer.byteLength).toBeLessThanOrEqual(11);
});

test('a large message is what was sent, and moved in pieces of no more than a few mebibytes', () => {
  const bytes = new Uint8Array(100 * 2 ** 20 + 3);
  // A loop takes a twentieth of the time that `Uint8Array.from` does.
  for (let i = 0; i < bytes.length; i++) bytes[i] = i * 31 + (i >> 12);
  const decoder = untilClose().decoder();
  const sizes = new Set<number>();
  for (let at = 0; at < bytes.length; at += 65_536) {
    expect(decoder.push(bytes.subarray(at, at + 65_536))).toBeUndefined();
    sizes.add(decoder.space().buffer.byteLength);
  }
  expect([...sizes].filter((size) => size > 2 ** 22)).toEqual([2 ** 26, 2 ** 30 + 1]);
  const message = decoder.end();
  expect(Buffer.compare(message ?? new Uint8Array(0), bytes)).toBe(0);
  expect(decoder.pendingBytes).toBe(0);
  expect(decoder.end()).toHaveLength(0);
});
