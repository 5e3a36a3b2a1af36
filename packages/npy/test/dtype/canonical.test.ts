// Descrs of numbers in NumPy's own spelling are looked up in a table, all other spellings are parsed, and both ways give the same
// dtype.
import { expect, test } from 'vitest';
import { canonicalNumber } from '../../src/dtype/canonical.ts';
import { parseTypeString } from '../../src/dtype/type-string.ts';

const sizes = { b: [1], i: [1, 2, 4, 8], u: [1, 2, 4, 8], f: [2, 4, 8, 16], c: [8, 16, 32] };

test('each number, in both byte orders', () => {
  for (const [kind, itemsizes] of Object.entries(sizes)) {
    for (const itemsize of itemsizes) {
      for (const order of itemsize === 1 ? ['|'] : ['<', '>']) {
        const descr = order + kind + itemsize;
        // NumPy reads a plus sign in front of the size, and never writes one.
        const parsed = parseTypeString(`${order}${kind}+${itemsize}`);
        expect(parsed, descr).toMatchObject({ kind, itemsize, byteOrder: order });
        expect(canonicalNumber(descr), descr).toEqual(parsed);
        expect(parseTypeString(descr), descr).toEqual(parsed);
      }
    }
  }
});

test.each(['f4', '=f4', '|f4', '<f+4', '<i1', '>b1', 'int32', '<V2', '|S4', '<f3', '', 4, null])(
  '%j is not looked up',
  (descr) => {
    expect(canonicalNumber(descr)).toBeUndefined();
  },
);
