// FrameAssembler: what every framing with a length has in common, on a measure of its own.
//   | length: one byte | body |
import { describe, expect, test } from 'vitest';
import { FrameAssembler, type Measure } from '../../src/framing/assembler.ts';
import { byteByByte, feeds } from './feeding.ts';

const measure: Measure = (head) => ({ skip: 1, length: head[0] ?? 0 });

describe.each(feeds)('%s', (_, feed) => {
  test('several messages in one chunk, the last one unfinished', () => {
    const decoder = new FrameAssembler(measure);
    expect(feed(decoder, [Uint8Array.of(1, 7, 0, 2, 8, 9, 3, 1)])).toEqual({
      messages: [Uint8Array.of(7), new Uint8Array(0), Uint8Array.of(8, 9)],
    });
    expect(decoder.pendingBytes).toBe(2);
  });

  test('each message has memory of its own, of exactly its size', () => {
    const wire = Uint8Array.of(2, 1, 2, 2, 3, 4);
    for (const chunks of [[wire], byteByByte(wire)]) {
      const { messages } = feed(new FrameAssembler(measure), chunks);
      expect(messages.map(({ buffer }) => buffer.byteLength)).toEqual([2, 2]);
      messages[0]?.fill(9);
      expect(messages[1]).toEqual(Uint8Array.of(3, 4));
    }
    expect(wire).toEqual(Uint8Array.of(2, 1, 2, 2, 3, 4));
  });

  test('the end: harmless between frames, an error inside one from its first byte on', () => {
    const frame = Uint8Array.of(3, 1, 2, 3);
    const missing = [
      { received: 0, expected: 3 },
      { received: 1, expected: 3 },
      { received: 2, expected: 3 },
    ];
    for (const [i, detail] of missing.entries()) {
      const decoder = new FrameAssembler(measure);
      feed(decoder, [frame.subarray(0, i + 1)]);
      expect(decoder.pendingBytes).toBe(i + 1);
      expect(() => decoder.end()).toThrow(
        expect.objectContaining({ code: 'TRANSPORT_TRUNCATED', fault: 'peer', detail }),
      );
    }
    for (const whole of [new Uint8Array(0), frame]) {
      const decoder = new FrameAssembler(measure);
      feed(decoder, [whole]);
      expect(decoder.pendingBytes).toBe(0);
      expect(decoder.end()).toBeUndefined();
    }
  });

  test("the end inside a frame's head", () => {
    const decoder = new FrameAssembler((head) => (head.length < 9 ? undefined : { skip: 9, length: 1 }));
    feed(decoder, [new Uint8Array(8)]);
    expect(() => decoder.end()).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_TRUNCATED', detail: { received: 8, expected: undefined } }),
    );
  });

  test('a head that belongs to the message is kept with it', () => {
    const decoder = new FrameAssembler((head) => (head.length < 2 ? undefined : { skip: 0, length: 4 }));
    expect(feed(decoder, byteByByte(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8))).messages).toEqual([
      Uint8Array.of(1, 2, 3, 4),
      Uint8Array.of(5, 6, 7, 8),
    ]);
  });

  test('what a measure throws is thrown untouched', () => {
    const reason = new Error('no frame begins like this');
    const decoder = new FrameAssembler(() => {
      throw reason;
    });
    expect(feed(decoder, [Uint8Array.of(1)]).error).toBe(reason);
  });
});

test('the body is lent where it will stay: what is written into space() is the message', () => {
  const decoder = new FrameAssembler(measure);
  decoder.push(Uint8Array.of(3));
  const space = decoder.space();
  expect(space).toHaveLength(3);
  space.set([1, 2, 3]);
  expect(decoder.filled(3)?.buffer).toBe(space.buffer);
});

test('the default limit is one gibibyte, inclusive', () => {
  const of = (length: number): FrameAssembler => new FrameAssembler(() => ({ skip: 1, length }));
  expect(of(2 ** 30).push(new Uint8Array(1))).toBeUndefined();
  expect(() => of(2 ** 30 + 1).push(new Uint8Array(1))).toThrow(
    expect.objectContaining({ detail: { bytes: 2 ** 30 + 1, maxMessageBytes: 2 ** 30 } }),
  );
});
