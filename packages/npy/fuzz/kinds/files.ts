// Draws valid files with damage anywhere: bits are flipped, and bytes inserted, removed, cut off or moved.
import fc from 'fast-check';
import type { Case } from '../case.ts';
import { fileOf, plainHeader } from './headers.ts';
import { patternFor } from './patterns.ts';

const descrs = [
  "'<f8'",
  "'|u1'",
  "'>i4'",
  "'<c16'",
  "'|b1'",
  "'<U2'",
  "'|S3'",
  "'<M8[ns]'",
  "'<f16'",
  "[('a', '<i4'), ('', '|V4'), (('t', 'b'), '<f4', (2,))]",
];
const bases = fc
  .record({
    descr: fc.constantFrom(...descrs),
    shape: fc.constantFrom('()', '(3,)', '(2, 3)', '(0,)', '(2, 1, 2)'),
    order: fc.constantFrom('False', 'True'),
    major: fc.constantFrom(1, 1, 2, 3),
  })
  .map(({ descr, shape, order, major }) => {
    const text = plainHeader(descr, shape, order).trimEnd();
    const padded = `${text}${' '.repeat(63 - ((text.length + (major === 1 ? 10 : 12)) % 64))}\n`;
    return fileOf({ text: padded, major, data: 0 });
  });

const edit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('flip' as const),
      at: fc.nat(400),
      bits: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      at: fc.nat(400),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400), count: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), at: fc.nat(400) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at: fc.nat(130),
      text: fc.constantFrom(
        '(',
        ')',
        "'",
        '0',
        '9',
        '-',
        '#',
        '\\',
        ',',
        ':',
        ' ',
        '<',
        '>',
        '|',
        'V',
        'L',
        '[',
        ']',
        'T',
        '\n',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      at: fc.nat(130),
      to: fc.nat(130),
      count: fc.integer({ min: 1, max: 12 }),
    }),
  },
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function damage(bytes: Uint8Array, change: Edit): Uint8Array {
  const at = change.at % (bytes.length + 1);
  const made = [...bytes];
  if (change.kind === 'flip' && at < made.length) made[at] = (made[at] ?? 0) ^ change.bits;
  else if (change.kind === 'put') made.splice(at, 0, ...change.bytes);
  else if (change.kind === 'cut') made.splice(at, change.count);
  else if (change.kind === 'end') made.length = at;
  else if (change.kind === 'write') made.splice(at, 1, change.text.charCodeAt(0));
  else if (change.kind === 'move') made.splice(change.to, 0, ...made.splice(at, change.count));
  return Uint8Array.from(made);
}

export const files: fc.Arbitrary<Case> = fc
  .record({
    base: bases,
    data: patternFor('<f8'),
    bytes: fc.integer({ min: 0, max: 300 }),
    edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
  })
  .map(({ base, data, bytes, edits }) => {
    const filled = new Uint8Array(bytes).map((_, i) => data[i % data.length] ?? 0);
    return { ask: 'load', file: edits.reduce(damage, Uint8Array.from(Buffer.concat([base, filled]))) };
  });
