// The framings of this package pass the tests of those in @bridge/transport: their decoders get the same bytes whole, byte by byte,
// cut at random, with tails, cut short and over the limit, pushed or read into lent memory. The outcome is always the same.
import { encode } from '@bridge/npy';
import { type Framing, joinMessage } from '@bridge/transport';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { byteByByte, cutAt, feeds } from '../../../transport/test/framing/feeding.ts';
import { dialects, npyMessage } from '../../src/index.ts';

const framings: [name: string, framing: Framing][] = [
  ['npyMessage', npyMessage()],
  ['numpysocket', dialects.numpysocket.request],
];

/** Draws the .npy files of small arrays of all dtypes. */
const npy = fc
  .tuple(
    fc.array(fc.nat({ max: 4 }), { maxLength: 3 }),
    fc.constantFrom('uint8', 'float32', 'int64', 'bool', 'complex128'),
  )
  .map(([shape, dtype]) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return encode({ data: Uint8Array.from({ length: size }, (_, i) => i % 2), shape }, { dtype });
  });
const cuts = fc.array(fc.nat({ max: 3000 }), { maxLength: 10 });
/** Draws a message and cuts it into parts. */
const parts = (bytes: Uint8Array, places: readonly number[]): Uint8Array[] => cutAt(bytes, places);

describe.each(framings)('%s', (_, framing) => {
  test.prop([fc.array(npy, { minLength: 1, maxLength: 3 }), cuts, cuts])(
    'what is encoded is decoded',
    (sent, split, places) => {
      const wire = joinMessage(sent.flatMap((each) => framing.encode(parts(each, split))));
      for (const chunks of [[wire], byteByByte(wire), cutAt(wire, places)]) {
        for (const [, feed] of feeds) {
          const decoder = framing.decoder();
          const { messages, error } = feed(decoder, chunks);
          expect(error).toBeUndefined();
          expect(messages.map((message) => new Uint8Array(message))).toEqual(sent.map((each) => new Uint8Array(each)));
          expect(decoder.pendingBytes).toBe(0);
          expect(decoder.end()).toBeUndefined();
        }
      }
    },
  );

  test.prop([npy, fc.uint8Array({ maxLength: 60 }), cuts])(
    'a tail changes nothing about the message before it',
    (sent, tail, places) => {
      const wire = joinMessage([...framing.encode([sent]), tail]);
      for (const chunks of [[wire], byteByByte(wire), cutAt(wire, places)]) {
        for (const [, feed] of feeds) {
          const [first] = feed(framing.decoder(), chunks).messages;
          expect(new Uint8Array(first ?? [])).toEqual(new Uint8Array(sent));
        }
      }
    },
  );

  test.prop([npy, fc.nat(), cuts])('cut short: no message, and an error at the end', (sent, at, places) => {
    const wire = joinMessage(framing.encode([sent]));
    const received = wire.subarray(0, at % wire.length);
    for (const [, feed] of feeds) {
      const decoder = framing.decoder();
      expect(feed(decoder, cutAt(received, places))).toEqual({ messages: [] });
      expect(decoder.pendingBytes).toBe(received.length);
      if (received.length > 0)
        expect(() => decoder.end()).toThrow(expect.objectContaining({ code: 'TRANSPORT_TRUNCATED' }));
    }
  });

  test.prop([npy, fc.nat({ max: 127 })])('over the limit: refused', (sent, maxMessageBytes) => {
    const wire = joinMessage(framing.encode([sent]));
    const { messages, error } = feeds[0]?.[1](framing.decoder({ maxMessageBytes }), [wire]) ?? {};
    expect(messages).toEqual([]);
    expect(error).toMatchObject({ code: 'TRANSPORT_TOO_LARGE', detail: { maxMessageBytes } });
  });

  test.prop([fc.uint8Array({ maxLength: 300 })])('garbage: an error of ours, or patience', (bytes) => {
    const { error } = feeds[1]?.[1](framing.decoder({ maxMessageBytes: 1000 }), [bytes]) ?? {};
    if (error !== undefined) expect(error).toHaveProperty('code', expect.stringMatching(/^(TRANSPORT|NPY)_/));
  });
});
