// Float16Store is compared with NumPy's float16: all 65 536 values, and the rounding of float64. It is tested directly, because
// decode does not use it in a runtime with Float16Array.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Float16Store } from '../../src/core.ts';
import { NumpyPeer, pythons } from '../numpy/numpy-peer.ts';

const python = pythons[0]?.[1];

describe.skipIf(!python)('float16, against NumPy 2.x', () => {
  let peer: NumpyPeer;
  beforeAll(() => {
    peer = new NumpyPeer(python ?? '');
  });
  afterAll(() => peer.stop());

  test('all 65 536 bit patterns have the value that NumPy gives them, and go back to the same bits', async () => {
    const values = await peer.halves();
    const store = new Float16Store(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
    const differing: number[] = [];
    for (let bits = 0; bits < 65536; bits++) {
      if (!Object.is(store.get(bits), values[bits])) differing.push(bits);
      store.set(bits, values[bits] as number);
      if (!Number.isNaN(values[bits]) && store.raw[bits] !== bits) differing.push(bits);
    }
    expect(values.length).toBe(65536);
    expect(differing).toEqual([]);
  });

  test('float64 is rounded to the nearest half, ties to even', async () => {
    const halves = await peer.halves();
    const finite = Array.from(halves.filter(Number.isFinite));
    const nextUp = (x: number): number => {
      const bits = new BigInt64Array(new Float64Array([x]).buffer);
      bits[0] = (bits[0] ?? 0n) + 1n;
      return new Float64Array(bits.buffer)[0] ?? 0;
    };
    const ladder = finite.filter((x) => x >= 0).sort((a, b) => a - b);
    // The float64 halfway between two neighbouring halves, and the next float64 away from zero; each with both signs.
    const ties = ladder.slice(1).flatMap((x, i) => {
      const tie = (x + (ladder[i] ?? 0)) / 2;
      return [tie, nextUp(tie), -nextUp(tie), -tie];
    });
    const anything = fc.sample(fc.double(), { numRuns: 5000 });
    const close = fc.sample(fc.double({ min: -70000, max: 70000 }), { numRuns: 5000 });
    const small = fc.sample(fc.double({ min: -1e-4, max: 1e-4 }), { numRuns: 5000 });
    const edges = [
      65504,
      65519.999,
      65520,
      65536,
      -65520,
      2 ** -24,
      2 ** -25,
      nextUp(2 ** -25),
      2 ** -26,
      5e-324,
      -0,
      NaN,
    ];
    const values = Float64Array.from([...ties, ...anything, ...close, ...small, ...edges, Infinity, -Infinity]);
    const expected = await peer.toHalf(values);
    const store = new Float16Store(values.length);
    for (const [i, value] of values.entries()) store.set(i, value);
    const differing = Array.from(values, (value, i) => ({ value, bits: store.raw[i], expected: expected[i] }))
      // Many bit patterns are NaNs, and need not be equal.
      .filter(({ value, bits, expected }) => !Number.isNaN(value) && bits !== expected);
    expect(differing.slice(0, 10)).toEqual([]);
  });
});
