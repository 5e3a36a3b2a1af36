// The decoder of every framing gets the same bytes whole, byte by byte and cut at random, with and without a tail, by pushes and in
// lent memory: the outcome is always the same. For hostile bytes a decoder throws a TransportError or waits for more bytes.
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { isTransportError } from '../../src/errors/transport-error.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { FrameAssembler } from '../../src/framing/assembler.ts';
import { decimalLength } from '../../src/framing/decimal-length.ts';
import { delimited } from '../../src/framing/delimited.ts';
import type { FrameDecoder, Framing } from '../../src/framing/framing.ts';
import { joinMessage, type Message, messageBytes } from '../../src/framing/message.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';
import { byteByByte, cutAt, feeds, type Outcome } from './feeding.ts';

/**
 * A framing whose length belongs to the message, as in formats that contain their own size: the first byte counts itself and the
 * rest.
 */
const selfMeasured: Framing = {
  encode: (message) => [Uint8Array.of(1 + messageBytes(message)), ...message],
  decoder: (limits) =>
    new FrameAssembler(
      ([length]) => (length === undefined ? undefined : { skip: 0, length: Math.max(1, length) }),
      limits,
    ),
};

const framings: [name: string, framing: Framing][] = [
  ['asciiLength of 10', asciiLength({ width: 10 })],
  ['asciiLength of 3', asciiLength({ width: 3 })],
  ['uintLength of 4, big', uintLength({ bytes: 4 })],
  ['uintLength of 1', uintLength({ bytes: 1 })],
  ['uintLength of 8, little', uintLength({ bytes: 8, endian: 'little' })],
  ['uintLength of 2, little', uintLength({ bytes: 2, endian: 'little' })],
  ['decimalLength to a colon', decimalLength({ end: ':' })],
  ['decimalLength to a line end', decimalLength({ end: '\n' })],
];

const part = fc.uint8Array({ maxLength: 40 });
const message: fc.Arbitrary<Message> = fc.array(part, { maxLength: 5 });
const messages = fc.array(message, { minLength: 1, maxLength: 5 });
const cuts = fc.array(fc.nat({ max: 600 }), { maxLength: 12 });
/** Random bytes of which half are digits, spaces and end marks, so that they get past the first check. */
const garbage = fc
  .array(fc.oneof(fc.constantFrom(...new TextEncoder().encode('0123456789 :\n')), fc.nat({ max: 255 })), {
    maxLength: 80,
  })
  .map((values) => Uint8Array.from(values));

/** Returns a function for each way of feeding the same bytes to a decoder. */
function everyWay(bytes: Uint8Array, places: readonly number[]): ((decoder: FrameDecoder) => Outcome)[] {
  return [[bytes], byteByByte(bytes), cutAt(bytes, places)].flatMap((chunks) =>
    feeds.map(
      ([, feed]) =>
        (decoder: FrameDecoder) =>
          feed(decoder, chunks),
    ),
  );
}

const told = (error: unknown): unknown =>
  isTransportError(error) ? { code: error.code, detail: error.detail, message: error.message } : error;

describe.each(framings)('%s', (_, framing) => {
  test.prop([messages, cuts])('what is encoded is decoded, message by message', (sent, places) => {
    const wire = joinMessage(sent.flatMap((each) => framing.encode(each)));
    for (const feed of everyWay(wire, places)) {
      const decoder = framing.decoder();
      expect(feed(decoder)).toEqual({ messages: sent.map((each) => new Uint8Array(joinMessage(each))) });
      expect(decoder.pendingBytes).toBe(0);
      expect(decoder.end()).toBeUndefined();
    }
  });

  test.prop([message, garbage, cuts])('a tail changes nothing about the message before it', (sent, tail, places) => {
    const wire = joinMessage([...framing.encode(sent), tail]);
    const [first, ...others] = everyWay(wire, places).map((feed) => feed(framing.decoder({ maxMessageBytes: 1000 })));
    expect(first?.messages[0]).toEqual(new Uint8Array(joinMessage(sent)));
    for (const other of others) {
      expect(other.messages).toEqual(first?.messages);
      expect(told(other.error)).toEqual(told(first?.error));
    }
  });

  test.prop([messages, fc.nat(), cuts])('cut short: an error exactly inside a frame', (sent, at, places) => {
    const frames = sent.map((each) => joinMessage(framing.encode(each)));
    const wire = joinMessage(frames);
    const received = wire.subarray(0, at % (wire.length + 1));
    const ends = frames.map((_, i) => joinMessage(frames.slice(0, i + 1)).length);
    const whole = ends.filter((end) => end <= received.length);
    for (const feed of everyWay(received, places)) {
      const decoder = framing.decoder();
      expect(feed(decoder).messages).toHaveLength(whole.length);
      expect(decoder.pendingBytes).toBe(received.length - (whole.at(-1) ?? 0));
      if (decoder.pendingBytes === 0) expect(decoder.end()).toBeUndefined();
      else expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'TRANSPORT_TRUNCATED' }));
    }
  });

  test.prop([message, fc.nat({ max: 210 }), cuts])('the limit: refused past it, never at it', (sent, limit, places) => {
    const wire = joinMessage(framing.encode(sent));
    const bytes = joinMessage(sent).length;
    for (const feed of everyWay(wire, places)) {
      const outcome = feed(framing.decoder({ maxMessageBytes: limit }));
      if (bytes <= limit) expect(outcome).toEqual({ messages: [new Uint8Array(joinMessage(sent))] });
      else
        expect(told(outcome.error)).toMatchObject({
          code: 'TRANSPORT_TOO_LARGE',
          detail: { bytes, maxMessageBytes: limit },
        });
    }
  });

  test.prop([garbage, cuts])('garbage: one outcome, and only errors of ours', (bytes, places) => {
    const outcomes = everyWay(bytes, places).map((feed) => {
      const decoder = framing.decoder({ maxMessageBytes: 1000 });
      const outcome = feed(decoder);
      if (outcome.error !== undefined) return { messages: outcome.messages, error: told(outcome.error) };
      // The decoder never allocates more than the limit: to allocate a declared exabyte would throw a RangeError.
      expect(decoder.space().buffer.byteLength).toBeLessThanOrEqual(4096);
      try {
        return { messages: outcome.messages, end: decoder.end() };
      } catch (error) {
        return { messages: outcome.messages, end: told(error) };
      }
    });
    for (const outcome of outcomes) {
      expect(outcome).toEqual(outcomes[0]);
      const thrown = outcome.error ?? outcome.end;
      if (thrown !== undefined) expect(thrown).toHaveProperty('code', expect.stringMatching(/^TRANSPORT_/));
    }
  });
});

test.each([
  ['asciiLength of 3', asciiLength({ width: 3 }), 999],
  ['uintLength of 1', uintLength({ bytes: 1 }), 255],
  ['uintLength of 2', uintLength({ bytes: 2, endian: 'little' }), 65_535],
])('%s says how much it can say', (_, framing, most) => {
  expect(framing.maxMessageBytes).toBe(most);
  expect(() => framing.encode([new Uint8Array(most)])).not.toThrow();
  expect(() => framing.encode([new Uint8Array(most), new Uint8Array(1)])).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_TOO_LARGE', fault: 'caller' }),
  );
});

describe('a message that says its own length', () => {
  test.prop([messages, fc.nat(), cuts])('whole, cut short, and over the limit', (sent, at, places) => {
    const frames = sent.map((each) => new Uint8Array(joinMessage(selfMeasured.encode(each))));
    const wire = joinMessage(frames);
    const received = wire.subarray(0, at % (wire.length + 1));
    const largest = Math.max(...frames.map(({ length }) => length));
    for (const feed of everyWay(wire, places)) {
      expect(feed(selfMeasured.decoder({ maxMessageBytes: largest }))).toEqual({ messages: frames });
      expect(told(feed(selfMeasured.decoder({ maxMessageBytes: largest - 1 })).error)).toMatchObject({
        code: 'TRANSPORT_TOO_LARGE',
        detail: { bytes: largest },
      });
    }
    for (const feed of everyWay(received, places)) {
      const decoder = selfMeasured.decoder();
      const { messages: whole } = feed(decoder);
      expect(whole).toEqual(frames.slice(0, whole.length));
      expect(decoder.pendingBytes).toBe(received.length - joinMessage(whole).length);
      if (decoder.pendingBytes === 0) expect(decoder.end()).toBeUndefined();
      else expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'TRANSPORT_TRUNCATED' }));
    }
  });
});

describe.each([
  ['a line end', delimited({ end: '\n' }), [0x0a]],
  ['two line ends, as in HTTP', delimited({ end: '\r\n\r\n' }), [0x0d, 0x0a, 0x0d, 0x0a]],
  ['an end that begins again inside itself', delimited({ end: '0010' }), [0x30, 0x30, 0x31, 0x30]],
  ['an end that is kept', delimited({ end: Uint8Array.of(0x30, 0xff), keep: true }), [0x30, 0xff]],
] as const)('delimited by %s', (name, framing, end) => {
  const keep = name.includes('kept');
  /** Draws messages that often contain the beginning of the end mark, and never all of it. */
  const lines = fc
    .array(
      fc.array(fc.oneof(fc.constantFrom(...end), fc.constantFrom(...end), fc.nat({ max: 255 })), { maxLength: 60 }),
      { minLength: 1, maxLength: 5 },
    )
    .map((all) => all.map((each) => Uint8Array.from(keep ? [...each, ...end] : each)))
    .filter((all) =>
      all.every((each) => endOf(keep ? each : [...each, ...end]) === each.length + (keep ? 0 : end.length)),
    );
  const endOf = (bytes: ArrayLike<number>): number => {
    for (let at = 0; at + end.length <= bytes.length; at++)
      if (end.every((byte, i) => bytes[at + i] === byte)) return at + end.length;
    return -1;
  };

  test.prop([lines, cuts, cuts])(
    'what is encoded is decoded, in parts and chunks of any size',
    (sent, parts, places) => {
      const wire = joinMessage(sent.flatMap((each) => framing.encode(cutAt(each, parts))));
      for (const feed of everyWay(wire, places)) {
        const decoder = framing.decoder();
        expect(feed(decoder)).toEqual({ messages: sent });
        expect(decoder.pendingBytes).toBe(0);
        expect(decoder.end()).toBeUndefined();
      }
    },
  );

  test.prop([lines, fc.nat(), cuts])('cut short: an error exactly inside a message', (sent, at, places) => {
    const frames = sent.map((each) => joinMessage(framing.encode([each])));
    const received = joinMessage(frames).subarray(0, at % (joinMessage(frames).length + 1));
    for (const feed of everyWay(received, places)) {
      const decoder = framing.decoder();
      const { messages: whole } = feed(decoder);
      expect(whole).toEqual(sent.slice(0, whole.length));
      expect(decoder.pendingBytes).toBe(received.length - joinMessage(frames.slice(0, whole.length)).length);
      if (decoder.pendingBytes === 0) expect(decoder.end()).toBeUndefined();
      else expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'TRANSPORT_TRUNCATED' }));
    }
  });

  test.prop([lines, fc.nat({ max: 70 }), cuts])('the limit: refused past it, never at it', (sent, limit, places) => {
    const wire = joinMessage(sent.flatMap((each) => framing.encode([each])));
    const over = sent.findIndex(({ length }) => length > limit);
    for (const feed of everyWay(wire, places)) {
      const { messages: whole, error } = feed(framing.decoder({ maxMessageBytes: limit }));
      expect(whole).toEqual(over < 0 ? sent : sent.slice(0, over));
      if (over >= 0)
        expect(told(error)).toMatchObject({ code: 'TRANSPORT_TOO_LARGE', detail: { maxMessageBytes: limit } });
    }
  });

  test.prop([fc.uint8Array({ maxLength: 200 }), fc.nat({ max: 70 }), cuts])(
    'garbage: one outcome, no more memory than the limit, and only errors of ours',
    (bytes, limit, places) => {
      const outcomes = everyWay(bytes, places).map((feed) => {
        const { messages: whole, error } = feed(framing.decoder({ maxMessageBytes: limit }));
        return { whole, error: told(error) };
      });
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    },
  );

  test.prop([lines, fc.uint8Array({ maxLength: 30 })])('what came behind a message is given back', (sent, tail) => {
    const [first = new Uint8Array(0)] = sent;
    const decoder = framing.decoder();
    expect(decoder.push(joinMessage([...framing.encode([first]), tail]))).toEqual(first);
    expect(decoder.rest?.()).toEqual(new Uint8Array(tail));
    expect(decoder.pendingBytes).toBe(0);
    expect(decoder.push(joinMessage(framing.encode([first])))).toEqual(first);
  });
});

describe('untilClose', () => {
  test.prop([message, cuts])('what is encoded is decoded at the end, and nothing before', (sent, places) => {
    const wire = joinMessage(untilClose().encode(sent));
    for (const feed of everyWay(wire, places)) {
      const decoder = untilClose().decoder();
      expect(feed(decoder)).toEqual({ messages: [] });
      expect(decoder.end()).toEqual(new Uint8Array(wire));
    }
  });

  test.prop([garbage, fc.nat({ max: 80 }), cuts])('the limit: refused past it, never at it', (bytes, limit, places) => {
    for (const feed of everyWay(bytes, places)) {
      const outcome = feed(untilClose().decoder({ maxMessageBytes: limit }));
      if (bytes.length <= limit) expect(outcome).toEqual({ messages: [] });
      else expect(told(outcome.error)).toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
    }
  });
});
