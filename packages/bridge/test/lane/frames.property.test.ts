// The bytes of the lane: frame heads are encoded and decoded, and the reader gets frames whole, byte by byte and cut anywhere,
// through the memory that it lends.
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  decodeHead,
  encodeHead,
  HEAD_BYTES,
  helloOf,
  type LaneHead,
  type LaneKind,
  TEXT_BYTES,
} from '../../src/lane/frames.ts';
import { LaneReader } from '../../src/lane/reader.ts';

const KINDS: readonly LaneKind[] = ['Q', 'M', 'H', 'R', 'S', 'E', 'X', 'D', 'B'];

test('a head, byte for byte', () => {
  expect([...encodeHead({ kind: 'Q', slot: 3, sequence: 0x01020304, length: 0x0a_0b0c0d0e })]).toEqual([
    0x51, 3, 0, 0, 4, 3, 2, 1, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0, 0, 0,
  ]);
});

const head = fc.record({
  kind: fc.constantFrom(...KINDS),
  slot: fc.nat({ max: 255 }),
  sequence: fc.nat({ max: 2 ** 32 - 1 }),
  length: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
});

test.prop([head])('heads there and back', (sent) => {
  expect(decodeHead(encodeHead(sent))).toEqual(sent);
});

test.each([
  '',
  '[]',
  'null',
  '{"lane":2,"pid":1,"python":"3.11.2"}',
  '{"lane":1,"pid":1e99,"python":"3.11.2"}',
  '{"lane":1,"pid":1,"python":"3.11.2\\u001b[2J"}',
  '{"lane":1,"pid":1}',
])('an invalid hello: %s', (text) => {
  expect(helloOf(text)).toBeUndefined();
});

test('a hello', () => {
  expect(helloOf('{"lane":1,"pid":7,"python":"3.11.2"}')).toEqual({ pid: 7, python: '3.11.2' });
});

test('bytes that are not a head', () => {
  expect(decodeHead(Uint8Array.from([0x52, 0, 1, 0, ...new Uint8Array(12)]))).toBeUndefined();
  expect(decodeHead(new Uint8Array(HEAD_BYTES))).toBeUndefined();
  expect(decodeHead(new TextEncoder().encode('HTTP/1.1 400 Bad'))).toBeUndefined();
});

/** Records the calls of a sink, with the parts of each reply joined. */
interface Told {
  readonly frames: [LaneHead, string | number[]][];
  broken: number;
}

/** Feeds `bytes` into a reader, in pieces of `sizes`. `direct`: reads replies into the memory that their framing lends. */
function feed(bytes: Uint8Array, sizes: readonly number[], direct: boolean): Told {
  const told: Told = { frames: [], broken: 0 };
  const memory = new Uint8Array(100_000);
  const part = (some: Uint8Array): void => {
    const last = told.frames.at(-1);
    if (Array.isArray(last?.[1]) && last[0].kind === 'R') last[1].push(...some);
    else told.frames.push([{ kind: 'R', slot: 0, sequence: 0, length: 0 }, [...some]]);
  };
  const reader = new LaneReader({
    // The parts of a reply are compared by their bytes below.
    frame: (each) => each.kind !== 'R' && told.frames.push([each, '']),
    text: (each, text) => told.frames.push([each, text]),
    part,
    space: () => (direct ? memory : undefined),
    filled: (count) => part(memory.subarray(0, count)),
    broken: () => told.broken++,
  });
  for (let at = 0, i = 0; at < bytes.length && told.broken === 0; i++) {
    const space = reader.space();
    const piece = bytes.subarray(at, at + Math.min(space.length, sizes[i % sizes.length] ?? 1));
    space.set(piece);
    reader.filled(piece.length);
    at += piece.length;
  }
  return told;
}

type Sent = readonly [LaneHead, Uint8Array];
const sent = (kind: LaneKind, body: Uint8Array, sequence = 1): Sent => [
  { kind, slot: 0, sequence, length: body.length },
  body,
];
const stream = (frames: readonly Sent[]): Uint8Array =>
  Buffer.concat(frames.flatMap(([each, body]) => [encodeHead(each), each.kind === 'S' ? new Uint8Array() : body]));
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

describe('the reader', () => {
  const large = Uint8Array.from({ length: 70_000 }, (_, i) => i * 7);
  const frames: Sent[] = [
    sent('H', text('{"lane":1}'), 0),
    sent('R', Uint8Array.of(1, 2, 3)),
    sent('E', new Uint8Array()),
    sent('R', large, 2),
    sent('E', new Uint8Array(), 2),
    [{ kind: 'S', slot: 4, sequence: 3, length: 5_000_000 }, new Uint8Array()],
    sent('E', new Uint8Array(), 3),
    sent('D', text('it forks: ä → ß'), 3),
    sent('X', new Uint8Array(), 3),
  ];
  const expected: Told['frames'] = frames.flatMap(([each, body]): Told['frames'] => {
    if (each.kind === 'R') return [[{ kind: 'R', slot: 0, sequence: 0, length: 0 }, [...body]]];
    return [[each, each.kind === 'H' || each.kind === 'D' ? new TextDecoder().decode(body) : '']];
  });

  test.each([[[70_000]], [[1]], [[16]], [[17, 3]], [[65_536]], [[40_000, 1]]])('fed %j bytes at a time', (sizes) => {
    for (const direct of [false, true]) {
      expect(feed(stream(frames), sizes, direct)).toEqual({ frames: expected, broken: 0 });
    }
  });

  const body = fc.uint8Array({ minLength: 1, maxLength: 50 });
  const some = fc.array(
    fc.oneof(
      body.map((bytes) => sent('R', bytes)),
      fc.constant(sent('E', new Uint8Array())),
      fc.string().map((words) => sent('D', text(words))),
    ),
    { maxLength: 8 },
  );
  test.prop([some, fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }), fc.boolean()])(
    'cut anywhere, it tells the same',
    (any, sizes, direct) => {
      expect(feed(stream(any), sizes, direct)).toEqual(feed(stream(any), [1_000_000], false));
    },
  );

  test.each([
    ['a text longer than 64 KiB', { kind: 'X', length: TEXT_BYTES + 1 }],
    ['a text of 2^50 bytes', { kind: 'D', length: 2 ** 50 }],
    ['a hello of 2^50 bytes', { kind: 'H', length: 2 ** 50 }],
    ['an end with a body', { kind: 'E', length: 1 }],
    ['a request from the model', { kind: 'Q', length: 3 }],
    ['a request in memory from the model', { kind: 'M', length: 3 }],
    ['a part of a reply that names memory', { kind: 'R', slot: 1, length: 3 }],
    ['a reply in no memory', { kind: 'S', slot: 0, length: 3 }],
  ] as [string, Partial<LaneHead> & Pick<LaneHead, 'kind'>][])('%s is broken at its head', (_, some) => {
    const head = encodeHead({ slot: 0, sequence: 1, length: 0, ...some });
    for (const sizes of [[1], [16]]) expect(feed(head, sizes, true)).toEqual({ frames: [], broken: 1 });
  });

  test('bytes that are not a frame are one error', () => {
    const broken = Buffer.concat([stream(frames.slice(0, 3)), text('HTTP/1.1 400 Bad Request')]);
    for (const sizes of [[1], [1000]]) expect(feed(broken, sizes, true)).toMatchObject({ broken: 1 });
  });
});
