// Pickled arrays are compared with a real Python: encodePickle returns the bytes of pickle.dumps, for every protocol that it writes
// and every dtype, and decodePickle reads pickles of protocols 0 to 5.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeParts } from '../../src/core.ts';
import { swapForeign } from '../../src/layout/byteswap.ts';
import { isContiguous } from '../../src/layout/shape.ts';
import { decodePickle, encodePickle } from '../../src/pickle/index.ts';
import { parseDType } from '../../src/stores/store-table.ts';
import { NumpyPeer, pythons } from '../numpy/numpy-peer.ts';
import { bytesInOrder, clearGaps, descrIn, randomArray } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const RUNS = Number(process.env['BRIDGE_INTEROP_RUNS'] ?? 100);
const CORES = ['numpy._core', 'numpy.core'] as const;

/** Returns the bytes of the elements in C order, as they lie in a .npy file. */
function elementsOf(view: Parameters<typeof encodeParts>[0], descr: Parameters<typeof parseDType>[0]): Uint8Array {
  return encodeParts(view, { descr: descr as never, fortranOrder: false })[1];
}

for (const [i, [label, python]] of pythons.entries()) {
  describe.skipIf(!python)(`pickled arrays of ${label}`, () => {
    const numpyCore = CORES[i] ?? 'numpy._core';
    let peer: NumpyPeer;
    beforeAll(() => {
      peer = new NumpyPeer(python ?? '');
    });
    afterAll(() => peer.stop());

    it.each([0, 1, 2, 3, 4, 5])('protocol %i, any dtype, order, stride and byte order', async (protocol) => {
      await fc.assert(
        fc.asyncProperty(randomArray, fc.constantFrom('<', '>'), async ({ view, raw: native }, order) => {
          const { type, shape, stride, offset } = view;
          const { itemsize } = type;
          const descr = descrIn(type, order);
          const raw = Uint8Array.from(native);
          const isWhole = isContiguous(shape, stride, false) || isContiguous(shape, stride, true);
          clearGaps(raw, type);
          clearGaps(native, type);
          if (order === '>') swapForeign(raw, parseDType(descr));
          const strides = stride.map((s) => s * itemsize);
          const pickled = await peer.dumps({ descr, shape, strides, offset: offset * itemsize, raw }, protocol);

          const decoded = decodePickle(pickled);
          expect(decoded.dtype).toBe(view.dtype);
          expect(decoded.shape).toEqual(shape);
          const elements = bytesInOrder({ view, raw: native });
          const read = Uint8Array.from(elementsOf(decoded, decoded.dtype));
          clearGaps(read, type);
          expectSameBytes(read, elements);

          if (protocol !== 3 && protocol !== 4 && protocol !== 5) return;
          const ours = encodePickle(view, { protocol, numpyCore, dtype: descr });
          // NumPy copies such an array and leaves random bytes in the copy's gaps. Since NumPy 2.3 protocol 5 has a form for
          // transposed arrays.
          const isCopied = !isWhole && (type.fields !== undefined || protocol === 5);
          // A field's name may be one of NumPy's letters for byte and memory orders. Python 3.11 may then have two equal strs,
          // and pickles both.
          const isAmbiguous = /"[CF<>|]"/.test(JSON.stringify(descr));
          if (!isCopied && !isAmbiguous) expectSameBytes(ours, pickled);
          const [loaded] = await peer.loads([ours]);
          const data = Uint8Array.from(loaded?.data ?? []);
          if (loaded) swapForeign(data, parseDType(loaded.descr));
          clearGaps(data, type);
          expectSameBytes(data, elements);
          expect(loaded?.shape).toEqual(shape);
        }),
        { numRuns: RUNS },
      );
    });

    it.each([4, 5] as const)('large arrays, whose elements are in no frame, in protocol %i', async (protocol) => {
      for (const size of [65_535, 65_536, 100_000]) {
        const pickled = await peer.dumpsOf(`np.arange(${size}, dtype='u1')`, protocol);
        expectSameBytes(
          encodePickle({ data: Uint8Array.from({ length: size }, (_, i) => i) }, { protocol, numpyCore }),
          pickled,
        );
      }
    });

    it.each([3, 4, 5] as const)('objects, in protocol %i', async (protocol) => {
      for (const source of ["np.array([1, 'a', None, [2.5]], 'O')", "np.array([['a'], ['b']], 'O', order='F')"]) {
        const pickled = await peer.dumpsOf(source, protocol);
        const read = decodePickle(pickled, { objects: true });
        expect(read.dtype).toBe('object');
        expectSameBytes(encodePickle(read, { protocol, numpyCore }), pickled);
      }
    });

    it.each([0, 1, 2, 3, 4, 5])('scalars are arrays without axes, in protocol %i', async (protocol) => {
      for (const [source, dtype, value] of [
        ['np.float32(1.5)', 'float32', 1.5],
        ['np.int64(-3)', 'int64', -3n],
        ['np.bool_(True)', 'bool', true],
        ["np.str_('é')", 'str', 'é'],
        ["np.datetime64('2024-02-29')", 'datetime64', 19_782n],
        ['np.complex64(1+2j)', 'complex64', { re: 1, im: 2 }],
      ] as const) {
        const view = decodePickle(await peer.dumpsOf(source, protocol), { encoding: 'latin1' });
        expect([view.dtype, view.shape]).toEqual([dtype, []]);
        const { data } = view as { data: { get?(i: number): unknown; [i: number]: unknown } };
        expect(data.get ? data.get(0) : data[0]).toEqual(value);
      }
    });

    it.each([
      'np.matrix([[1, 2]])',
      "np.rec.array([(1, 2.0)], dtype=[('a', 'i4'), ('b', 'f8')])",
      'np.zeros((2, 3, 4)).transpose(1, 2, 0)',
    ])('%s is read as the array that it is', async (source) => {
      for (const protocol of [2, 4, 5]) {
        const view = decodePickle(await peer.dumpsOf(source, protocol));
        const [loaded] = await peer.loads([encodePickle(view, { numpyCore })]);
        const [expected] = await peer.loads([await peer.dumpsOf(`np.asarray(${source})`, 4)]);
        expect(loaded).toEqual({ ...expected, fortranOrder: loaded?.fortranOrder });
      }
    });

    it('says what came that is no array', async () => {
      for (const [source, found] of [
        ["{'a': np.zeros(3)}", 'a dict'],
        ['[np.zeros(3)]', 'a list'],
        ['(np.zeros(3), 1)', 'a tuple'],
        ['3', 'a number'],
        ["'text'", 'a str'],
        ["b'bytes'", 'bytes'],
        ['None', 'None'],
        ["np.dtype('f4')", 'a NumpyDType'],
      ]) {
        const pickled = await peer.dumpsOf(source ?? '', 4);
        expect(() => decodePickle(pickled)).toThrow(`npy: expected a pickled array, got ${found}`);
      }
    });
  });
}
