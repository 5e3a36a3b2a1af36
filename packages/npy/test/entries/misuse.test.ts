// Every function of the main entry, called with wrong values in place of each argument and each option: each call must throw an
// NpyError or succeed. The first test fails when a function is missing here.
import { describe, expect, test } from 'vitest';
import * as npy from '../../src/index.ts';
import { pickle } from '../../src/pickle/index.ts';
import { anything, oneOf, options, problemsOf, type Use, use } from '../support/misuse.ts';

const { array, decode, encode, encodeInto, encodeParts, field, hasDType, isNpyError } = npy;

const file = encode([1, 2, 3]);
const limits = options({ maxHeaderCharacters: 1000, maxElements: 5, maxBytes: 500 });
/** A view may have properties of any other name, because arrays of other libraries are accepted under their own property names. */
const view = oneOf({ data: anything(new Float64Array(6)), shape: [2, 3], stride: [3, 1], offset: 0 });
/** A number is accepted as an array without axes. */
const input = anything([1, 2]);
const encodeOptions = { descr: '<f8', fortranOrder: false, version: [1, 0], objects: pickle };
const points = array(new npy.StructStore([['x', '<f4']], 2));

const headerOptions = { descr: '<f8', fortranOrder: false, version: [1, 0], shape: [2] };

/** Reads all arrays of a stream. */
async function allOf(...args: Parameters<typeof npy.decodeStream>): Promise<unknown[]> {
  const arrays: unknown[] = [];
  for await (const each of npy.decodeStream(...args)) arrays.push(each);
  return arrays;
}

const USES: Readonly<Record<string, readonly Use[]>> = {
  allocateStore: [use(npy.allocateStore, 'float64', 3)],
  array: [use(array, input, options({ dtype: 'float64', shape: [2] })), use(array, view)],
  decode: [use(decode, file, options({ dtype: 'float64', copy: true, objects: pickle, limits }))],
  decodeData: [use(npy.decodeData, file, options({ dtype: 'float64', shape: [2], fortranOrder: false, copy: true }))],
  decodeStream: [use(allOf, [file], options({ dtype: 'float64', copy: true, objects: pickle, limits }))],
  dtypeOf: [use(npy.dtypeOf, anything(new Float64Array(1)))],
  encode: [use(encode, view, options(encodeOptions)), use(encode, input, options({ dtype: '<f8' }))],
  encodeHeader: [use(npy.encodeHeader, options(headerOptions))],
  encodeInto: [use(encodeInto, view, new Uint8Array(500), options(encodeOptions))],
  encodeParts: [use(encodeParts, view, options(encodeOptions)), use(encodeParts, input)],
  field: [use(field, points, 'x', options({ dtype: 'float32' }))],
  hasDType: [use(hasDType, anything(new Float64Array(1)), 'float64')],
  isDTypeName: [use(npy.isDTypeName, anything('float64'))],
  prepareArray: [use(npy.prepareArray, view, options(encodeOptions)), use(npy.prepareArray, input)],
  ravel: [use(npy.ravel, view)],
  readHeader: [use(npy.readHeader, file, limits)],
  toDate: [use(npy.toDate, anything(1n), 's', options({ rounding: 'floor' }))],
  toNested: [use(npy.toNested, view)],
  isNpyError: [use(isNpyError, anything(5), anything('NPY_ARRAY'))],
};

test('the list has every function', () => {
  const functions = Object.entries(npy).flatMap(([name, value]) =>
    /^[a-z]/.test(name) && typeof value === 'function' ? [name] : [],
  );
  expect(Object.keys(USES).sort()).toEqual(functions.sort());
});

describe.each(Object.entries(USES))('%s', (_, uses) => {
  test('every wrong argument gives an error with a code', async () => {
    for (const each of uses) expect.soft(await problemsOf(each, isNpyError)).toEqual([]);
  });
});

test('what a codec for objects throws is its own, also where that is no NpyError', () => {
  const own = new Error('of my own');
  const objects = {
    ...pickle,
    decode: () => {
      throw own;
    },
  };
  const pickled = encode(array(new npy.ObjectStore([1])), { objects: pickle });
  expect(() => decode(pickled, { objects })).toThrow(own);
});
