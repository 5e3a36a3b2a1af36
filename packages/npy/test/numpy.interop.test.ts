// The bytes of np.save and the values of np.load, from a real NumPy, over random arrays of every dtype.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, encode, readHeader } from '../src/core.ts';
import { fixedTypes } from '../src/dtype/dtype.ts';
import { bytesInOrder, randomArray } from './arrays.ts';
import { expectSameBytes } from './bytes.ts';
import { NumpyPeer, pythons } from './numpy/peer.ts';

const numRuns = 3000;

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`against ${label}`, () => {
    let peer: NumpyPeer;
    beforeAll(async () => {
      peer = new NumpyPeer(python ?? '');
      console.log(await peer.version());
    });
    afterAll(() => peer.stop());

    test(`encode equals np.save, ${numRuns} arrays, both byte orders`, async () => {
      await fc.assert(
        fc.asyncProperty(randomArray, fc.constantFrom('<', '>'), async ({ view, raw }, order) => {
          const { kind, itemsize } = fixedTypes[view.dtype];
          const descr = (itemsize === 1 ? '|' : order) + kind + itemsize;
          const native = `<${kind}${itemsize}`;
          const saved = await peer.save({
            descr: native,
            shape: view.shape,
            strides: view.stride.map((s) => s * itemsize),
            offset: view.offset * itemsize,
            raw,
          });
          expectSameBytes(encode(view), saved);
          // In the other byte order: NumPy reads the same values out of it.
          const loaded = await peer.load(encode(view, { dtype: descr }));
          expect(loaded.descr).toBe(descr);
          expect(loaded.shape).toEqual(view.shape);
          const back = decode(encode(view, { dtype: descr }));
          expectSameBytes(encode(back, { fortranOrder: false }), encode(view, { fortranOrder: false }));
        }),
        { numRuns },
      );
    });

    test(`decode and re-encode gives what np.save wrote, ${numRuns} arrays`, async () => {
      await fc.assert(
        fc.asyncProperty(randomArray, fc.constantFrom('<', '>'), async (array, order) => {
          const { view, raw } = array;
          const { kind, itemsize } = fixedTypes[view.dtype];
          const descr = (itemsize === 1 ? '|' : order) + kind + itemsize;
          const saved = await peer.save({
            descr,
            shape: view.shape,
            strides: view.stride.map((s) => s * itemsize),
            offset: view.offset * itemsize,
            raw,
          });
          const header = readHeader(saved);
          const decoded = decode(saved);
          expect(decoded.shape).toEqual(view.shape);
          expect(decoded.dtype).toBe(view.dtype);
          expectSameBytes(encode(decoded, header), saved);
          if (descr[0] !== '>') expectSameBytes(encode(decoded), saved);
          const loaded = await peer.load(saved);
          expectSameBytes(loaded.data, bytesInOrder(array));
        }),
        { numRuns },
      );
    });
  });
}
