// The functions of the main entry, with every misuse of their arguments: each is one NpyError with a code. A function that is added
// has to be added here.
import { describe, expect, test } from 'vitest';
import * as npy from '../../src/index.ts';
import { pickle } from '../../src/pickle/index.ts';
import { anything, oneOf, options, problemsOf, type Use, use } from '../support/misuse.ts';

const { array, decode, encode, encodeInto, encodeParts, field, hasDType, isNpyError } = npy;

const file = encode([1, 2, 3]);
const limits = options({ maxHeaderCharacters: 1000, maxElements: 5, maxBytes: 500 });
/** What other libraries call the parts of an array is understood, so that other names are none. */
const view = oneOf({ data: anything(new Float64Array(6)), shape: [2, 3], stride: [3, 1], offset: 0 });
/** A number is an array, too. */
const input = anything([1, 2]);
const encodeOptions = { descr: '<f8', fortranOrder: false, version: [1, 0], objects: pickle };
const points = array(new npy.StructStore([['x', '<f4']], 2));

const USES: Readonly<Record<string, readonly Use[]>> = {
  array: [use(array, input, options({ dtype: 'float64', shape: [2] })), use(array, view)],
  decode: [use(decode, file, options({ dtype: 'float64', copy: true, objects: pickle, limits }))],
  encode: [use(encode, view, options(encodeOptions)), use(encode, input, options({ dtype: '<f8' }))],
  encodeInto: [use(encodeInto, view, new Uint8Array(500), options(encodeOptions))],
  encodeParts: [use(encodeParts, view, options(encodeOptions)), use(encodeParts, input)],
  field: [use(field, points, 'x', options({ dtype: 'float32' }))],
  hasDType: [use(hasDType, anything(new Float64Array(1)), 'float64')],
  isDTypeName: [use(npy.isDTypeName, anything('float64'))],
  ravel: [use(npy.ravel, view)],
  isNpyError: [use(isNpyError, anything(5), anything('NPY_ARRAY'))],
};

/** Functions that this entry has from the others, which count their bytes: what throws at whoever looks at it comes through there. */
const SHARED = ['allocateStore', 'decodeStream', 'dtypeOf', 'encodeHeader', 'readHeader', 'toDate', 'toNested'];

test('every function is here', () => {
  const functions = Object.entries(npy).flatMap(([name, value]) =>
    /^[a-z]/.test(name) && typeof value === 'function' ? [name] : [],
  );
  expect([...Object.keys(USES), ...SHARED].sort()).toEqual(functions.sort());
});

describe.each(Object.entries(USES))('%s', (_, uses) => {
  test('whatever is wrong in an argument is one error with a code', async () => {
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
