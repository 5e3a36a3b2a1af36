// FrameAssembler: the part that all framings with a length share. The tests use it with a measure of their own:
//   | length: one byte | body |
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { FrameAssembler, type Measure } from '../../src/framing/assembler.ts';
import { memoryAskedFor } from '../support/memory-asked-for.ts';
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

  test('decoders side by side, one begun where another ended, never see bytes of each other', () => {
    const decoders = Array.from({ length: 3 }, () => new FrameAssembler(measure));
    const expected = (of: number, round: number) => Uint8Array.of(of, round, of + round);
    for (let round = 0; round < 5; round++) {
      const wires = decoders.map((_, of) => Uint8Array.of(3, ...expected(of, round)));
      const got: unknown[] = decoders.map(() => undefined);
      // The decoders are fed in turns, each a byte behind the one before: one ends its frame while another is still in its head.
      for (let step = 0; step < 6; step++) {
        decoders.forEach((decoder, of) => {
          const at = step - of;
          const chunk = wires[of]?.subarray(at, at + 1);
          if (at >= 0 && chunk?.length) got[of] = feed(decoder, [chunk]).messages[0] ?? got[of];
        });
      }
      expect(got).toEqual(decoders.map((_, of) => expected(of, round)));
    }
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

  test('an error of the measure is thrown unchanged', () => {
    const reason = new Error('no frame begins like this');
    const decoder = new FrameAssembler(() => {
      throw reason;
    });
    expect(feed(decoder, [Uint8Array.of(1)]).error).toBe(reason);
  });
});

/** Counts the bytes that `set` and `copyWithin` of typed arrays copy until the end of the test. */
function countedBytes(): { moved: number } {
  const count = { moved: 0 };
  const set = vi.spyOn(Uint8Array.prototype, 'set').mockImplementation(function (this: Uint8Array, from, offset = 0) {
    count.moved += from.length;
    for (let i = 0; i < from.length; i++) this[offset + i] = from[i] ?? 0;
  });
  const { copyWithin } = Uint8Array.prototype;
  const within = vi.spyOn(Uint8Array.prototype, 'copyWithin').mockImplementation(function (
    this: Uint8Array,
    target,
    start,
    end = this.length,
  ) {
    count.moved += end - start;
    return copyWithin.call(this, target, start, end);
  });
  onTestFinished(() => {
    set.mockRestore();
    within.mockRestore();
  });
  return count;
}

describe('how often a byte is moved does not depend on how many messages there are', () => {
  /** Returns `count` frames whose bodies have `body` bytes each. */
  const frames = (count: number, body: number): Uint8Array => {
    const wire = new Uint8Array(count * (1 + body));
    for (let i = 0; i < count; i++) wire.fill(i, i * (1 + body) + 1, (i + 1) * (1 + body))[i * (1 + body)] = body;
    return wire;
  };

  test.each([1_000, 8_000])('%i messages in one chunk', (count) => {
    const wire = frames(count, 7);
    const decoder = new FrameAssembler(measure);
    const counted = countedBytes();
    let messages = 0;
    for (let message = decoder.push(wire); message; message = decoder.push()) {
      expect(message).toEqual(new Uint8Array(7).fill(messages++));
    }
    expect(messages).toBe(count);
    // Each byte may be copied once into the decoder and once out of it.
    expect(counted.moved).toBeLessThanOrEqual(2 * wire.length);
  });

  test.each([
    ['one is asked for with each chunk', (decoder: FrameAssembler, chunk: Uint8Array) => [decoder.push(chunk)]],
    [
      'two are asked for with each chunk',
      (decoder: FrameAssembler, chunk: Uint8Array) => [decoder.push(chunk), decoder.push()],
    ],
  ])('chunks of three messages, of which %s', (_, take) => {
    const wire = frames(6_000, 7);
    const decoder = new FrameAssembler(measure);
    const counted = countedBytes();
    let messages = 0;
    for (let at = 0; at < wire.length; at += 24) {
      for (const message of take(decoder, wire.subarray(at, at + 24))) {
        if (message) expect(message).toEqual(new Uint8Array(7).fill(messages++));
      }
    }
    for (let message = decoder.push(); message; message = decoder.push()) {
      expect(message).toEqual(new Uint8Array(7).fill(messages++));
    }
    expect(messages).toBe(6_000);
    expect(counted.moved).toBeLessThanOrEqual(6 * wire.length);
  });

  test('a long head that comes byte by byte', () => {
    const decoder = new FrameAssembler((head) => (head.length < 100_000 ? undefined : { skip: 100_000, length: 1 }));
    const counted = countedBytes();
    const one = new Uint8Array(1);
    for (let i = 0; i < 100_000; i++) decoder.push(one);
    expect(decoder.push(one)).toEqual(one);
    expect(counted.moved).toBeLessThanOrEqual(4 * 100_000);
  });
});

describe('an invalid measure', () => {
  test.each([
    ['a frame of nothing, which would come for ever', { skip: 0, length: 0 }],
    ['less than nothing', { skip: -1, length: 5 }],
    ['a message of less than nothing', { skip: 1, length: -1 }],
    ['no number', { skip: 1, length: Number.NaN }],
    ['half a byte', { skip: 0.5, length: 1 }],
    ['text', { skip: 1, length: '5' }],
    ['nothing at all', {}],
  ])('%s', (_, frame) => {
    const decoder = new FrameAssembler(() => frame as never);
    expect(() => decoder.push(Uint8Array.of(1, 2, 3))).toThrow(
      expect.objectContaining({ name: 'TransportError', code: 'TRANSPORT_BAD_FRAME', fault: 'caller' }),
    );
  });

  test('a measure that knows its frame before the whole head is there is asked again', () => {
    const decoder = new FrameAssembler((head) => ({ skip: 4, length: head[0] ?? 0 }));
    expect(decoder.push(Uint8Array.of(2, 0))).toBeUndefined();
    expect(decoder.pendingBytes).toBe(2);
    expect(decoder.push(Uint8Array.of(0, 0, 8))).toBeUndefined();
    expect(decoder.push(Uint8Array.of(9))).toEqual(Uint8Array.of(8, 9));
  });

  test('no measure', () => {
    expect(() => new FrameAssembler(undefined as never)).toThrow(
      expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }),
    );
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

describe('a large body', () => {
  const MB = 2 ** 20;
  const of = (length: number): FrameAssembler => new FrameAssembler(() => ({ skip: 1, length }));

  test('has no more memory than a few mebibytes, or 128 times what has come of it: a length that lies costs no more', async () => {
    for (const declared of [9 * MB, 99_999_999, 2 ** 30]) {
      const pushed = of(declared);
      const one = new Uint8Array(1);
      expect(await memoryAskedFor(() => pushed.push(one))).toBeLessThanOrEqual(MB + 10_000);
      expect(pushed.wholeBytes).toBe(declared + 1);
      expect(pushed.pendingBytes).toBe(1);
      const lent = of(declared);
      lent.space();
      lent.filled(1);
      expect(lent.space().buffer.byteLength).toBeLessThanOrEqual(8 * MB);
      lent.filled(50_000);
      expect(lent.space().buffer.byteLength).toBeLessThanOrEqual(8 * MB);
    }
  });

  test('up to a mebibyte has its memory at once, of exactly its size', () => {
    const decoder = of(MB);
    decoder.push(new Uint8Array(1));
    expect(decoder.space()).toHaveLength(MB);
  });

  test.each([
    ['pushed', 65_536],
    ['pushed', 3_000_001],
    ['read into lent memory', 65_536],
    ['read into lent memory', 3_000_001],
  ] as const)('%s by %d bytes is what was sent, in memory of exactly its size', (how, by) => {
    const body = Uint8Array.from({ length: 40 * MB + 7 }, (_, i) => (i * 31 + (i >> 12)) & 255);
    const decoder = of(body.length);
    let whole = decoder.push(new Uint8Array(1));
    for (let at = 0; at < body.length; ) {
      expect(whole).toBeUndefined();
      const space = how === 'pushed' ? body : decoder.space();
      const chunk = body.subarray(at, at + Math.min(by, space.length));
      if (how === 'pushed') whole = decoder.push(chunk);
      else {
        space.set(chunk);
        whole = decoder.filled(chunk.length);
      }
      at += chunk.length;
    }
    expect(whole?.buffer.byteLength).toBe(body.length);
    expect(Buffer.compare(whole ?? new Uint8Array(0), body)).toBe(0);
    expect(decoder.pendingBytes).toBe(0);
  });
});

test('the default limit is one gibibyte, inclusive', () => {
  const of = (length: number): FrameAssembler => new FrameAssembler(() => ({ skip: 1, length }));
  expect(of(2 ** 30).push(new Uint8Array(1))).toBeUndefined();
  expect(() => of(2 ** 30 + 1).push(new Uint8Array(1))).toThrow(
    expect.objectContaining({ detail: { bytes: 2 ** 30 + 1, maxMessageBytes: 2 ** 30 } }),
  );
});

test('a head without an end is held no longer than a message may be', () => {
  const decoder = new FrameAssembler(() => undefined, { maxMessageBytes: 10_000 });
  expect(decoder.push(new Uint8Array(10_000))).toBeUndefined();
  expect(() => decoder.push(new Uint8Array(1))).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', detail: { bytes: 10_001, maxMessageBytes: 10_000 } }),
  );
});
