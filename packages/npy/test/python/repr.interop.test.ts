// reprString is compared with Python's repr(), for every code point. Unicode versions define which characters are printable, and
// Python and the JavaScript engine seldom have the same version: they may differ for code points that either leaves unassigned, and
// for no others.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reprString } from '../../src/python/repr.ts';
import { NumpyPeer, pythons } from '../numpy/numpy-peer.ts';

const STOP = 0x30000;

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`repr, against the Python of ${label}`, () => {
    let peer: NumpyPeer;
    let unassigned: Set<number>;
    beforeAll(async () => {
      peer = new NumpyPeer(python ?? '');
      unassigned = setOf((await peer.ranges(0x110000)).unassigned);
    });
    afterAll(() => peer.stop());

    test('every code point of U+0000 to U+2FFFF is escaped or not as there', async () => {
      const escaped = setOf((await peer.ranges(STOP)).escaped);
      const differing: number[] = [];
      for (let code = 0; code < STOP; code++) {
        const plain = reprString(String.fromCodePoint(code)) === `'${String.fromCodePoint(code)}'`;
        // A quote and a backslash are printable, and are escaped all the same.
        if (code !== 0x27 && code !== 0x5c && plain === escaped.has(code)) differing.push(code);
      }
      // Both sides agree on every character that both know; a character that only the newer Unicode version knows is printed by
      // that side.
      const known = differing.filter((code) => !unassigned.has(code) && !/\p{Cn}/u.test(String.fromCodePoint(code)));
      expect(known.map((code) => code.toString(16))).toEqual([]);
    });

    test('strings of every kind of character', async () => {
      const kinds = [
        fc.constantFrom("'", '"', '\\', '\n', '\r', '\t', '\0', ' ', '\x7f', '\x80', '\xa0', '\xad', '\xff'),
        fc.constantFrom(
          '\u0378',
          '\u200b',
          '\u2028',
          '\u3000',
          '\ud800',
          '\udfff',
          '\ue000',
          '\ufeff',
          '\uffff',
          '\u{e0001}',
        ),
        fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)),
        fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCodePoint(code)),
        fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
      ];
      const text = fc.array(fc.oneof(...kinds), { maxLength: 12 }).map((parts) => parts.join(''));
      const texts = fc
        .sample(text, { numRuns: 3000 })
        .filter((t) => [...t].every((c) => !unassigned.has(c.codePointAt(0) ?? 0) && !/\p{Cn}/u.test(c)));
      expect(texts.length).toBeGreaterThan(100);
      const reprs = await peer.reprs(texts.map((t) => Array.from(t, (c) => c.codePointAt(0) ?? 0)));
      for (const [i, t] of texts.entries()) expect(reprString(t)).toBe(String.fromCodePoint(...(reprs[i] ?? [])));
    });
  });
}

function setOf(ranges: readonly (readonly [first: number, last: number])[]): Set<number> {
  const codes = new Set<number>();
  for (const [first, last] of ranges) for (let code = first; code <= last; code++) codes.add(code);
  return codes;
}
