// Random arrays of every dtype are encoded to the bytes of np.save, and read with the values of np.load, by a real NumPy.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decode, encode, readHeader } from '../../src/core.ts';
import { descrOf } from '../../src/dtype/descr.ts';
import type { DType } from '../../src/dtype/dtype.ts';
import { swapForeign } from '../../src/layout/byteswap.ts';
import { parseDType } from '../../src/stores/store-table.ts';
import { bytesInOrder, clearGaps, descrIn, randomArray } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';
import { NumpyPeer, pythons } from './numpy-peer.ts';

const numRuns = 3000;

/** Returns the file with zeros in the gaps between fields, in which NumPy leaves what memory held before. */
function withoutGaps(file: Uint8Array, type: DType): Uint8Array {
  const copy = Uint8Array.from(file);
  clearGaps(copy.subarray(readHeader(copy)?.dataOffset), type);
  return copy;
}

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
          const { type } = view;
          const { itemsize } = type;
          const descr = descrIn(type, order);
          const saved = await peer.save({
            descr: descrOf(type),
            shape: view.shape,
            strides: view.stride.map((s) => s * itemsize),
            offset: view.offset * itemsize,
            raw,
          });
          expectSameBytes(withoutGaps(encode(view), type), withoutGaps(saved, type));
          // The file is written in the other byte order, and NumPy must read the same values from it.
          const loaded = await peer.load(encode(view, { descr }));
          expect(loaded.descr).toEqual(descr);
          expect(loaded.shape).toEqual(view.shape);
          const back = decode(encode(view, { descr }));
          expectSameBytes(encode(back, { fortranOrder: false }), encode(view, { fortranOrder: false }));
        }),
        { numRuns },
      );
    });

    test(`decode and re-encode gives what np.save wrote, ${numRuns} arrays`, async () => {
      await fc.assert(
        fc.asyncProperty(randomArray, fc.constantFrom('<', '>'), async (array, order) => {
          const { view } = array;
          const { type } = view;
          const { itemsize } = type;
          const descr = descrIn(type, order);
          const raw = Uint8Array.from(array.raw);
          if (order === '>') swapForeign(raw, parseDType(descr));
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
          if (order === '<') expectSameBytes(encode(decoded), saved);
          const loaded = await peer.load(saved);
          const elements = bytesInOrder({ view, raw });
          clearGaps(loaded.data, type);
          clearGaps(elements, type);
          expectSameBytes(loaded.data, elements);
        }),
        { numRuns },
      );
    });
  });
}
