// postMessage and structuredClone copy arrays and stores without their classes. Every function accepts the copies as arrays.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import { type ArrayInput, array, encode, ObjectStore, ravel, toNested } from '../../src/index.ts';
import * as numeric from '../../src/numeric.ts';
import { pickle, tuple } from '../../src/pickle/index.ts';
import { thrownBy } from '../support/npy-files.ts';

function posted<T>(value: T): T {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(value);
  const received = receiveMessageOnPort(port2) as { message: T };
  port1.close();
  return received.message;
}

const arrays: Record<string, ArrayInput> = {
  bool: array([
    [true, false],
    [false, true],
  ]),
  int64: array([1n, -2n]),
  float16: array([1, 2.5], { dtype: 'float16' }),
  float32: array(
    [
      [1, 2],
      [3, 4],
    ],
    { dtype: 'float32' },
  ),
  longdouble: array([1, 2.5], { dtype: 'longdouble' }),
  complex64: array([{ re: 1, im: 2 }], { dtype: 'complex64' }),
  complex128: array([{ re: 1, im: 2 }]),
  clongdouble: array([{ re: 1, im: 2 }], { dtype: 'clongdouble' }),
  bfloat16: array([1.5], { dtype: 'bfloat16' }),
  float8: array([1.5], { dtype: 'float8_e5m2' }),
  bytes: array(['ab', 'c'], { dtype: 'bytes' }),
  str: array(['a', 'b😀']),
  datetime64: array([5n], { dtype: '<M8[25s]' }),
  timedelta64: array([5n], { dtype: '<m8[D]' }),
  void: array([Uint8Array.of(1, 2)], { dtype: 'void' }),
  struct: array([{ x: 1, y: 'a' }], {
    dtype: [
      ['x', '<f4'],
      ['y', '<U3'],
    ],
  }),
  'a transposed view': array([['a', 'b', 'c']]).transpose(1, 0),
  'a slice': array(['a', 'b', 'c', 'd']).lo(1).hi(2),
  'texts without characters': array([Uint8Array.of()], { dtype: '|V0' }),
};

describe.each(Object.entries(arrays))('%s', (_, given) => {
  test.each([
    ['structuredClone', structuredClone],
    ['postMessage', posted],
  ])('%s', (_way, clone) => {
    const cloned = clone(given);
    expect(encode(cloned)).toEqual(encode(given));
    expect(core.encode(cloned as never)).toEqual(encode(given));
    expect(toNested(cloned as never)).toEqual(toNested(given as never));
    // The result is an ndarray again, with its methods.
    expect(toNested(array(cloned))).toEqual(toNested(given as never));
    expect(array(cloned).transpose).toBeTypeOf('function');
    expect([...(ravel(cloned as never) as Iterable<unknown>)]).toEqual([
      ...(ravel(given as never) as Iterable<unknown>),
    ]);
  });

  test('the store alone', () => {
    const { data } = given as { data: ArrayInput };
    expect(encode(structuredClone(data))).toEqual(encode(data));
  });
});

test('numbers alone', () => {
  const bools = structuredClone(arrays['bool']) as never;
  expect(numeric.encode(bools)).toEqual(encode(bools));
});

test('objects that are texts and numbers are objects again; those that had a class are refused', () => {
  const plain = { data: new ObjectStore(['a', 1, null, true, 2n]) };
  expect(encode(structuredClone(plain), { objects: pickle })).toEqual(encode(plain, { objects: pickle }));
  const tuples = structuredClone({ data: new ObjectStore([tuple(1, 2)]) });
  expect(thrownBy(() => encode(tuples, { objects: pickle }))).toMatchObject({
    code: 'NPY_ARRAY',
    message: expect.stringContaining('structuredClone'),
  });
});

test.each<[string, object]>([
  ['of an invalid dtype', { dtype: 'x', words: 1, raw: new Uint8Array(4) }],
  ['of a dtype that its descr is not', { dtype: 'str', descr: '|S4', words: 1, raw: new Uint8Array(4) }],
  ['at an odd address', { dtype: 'complex64', words: 2, raw: new Uint8Array(new ArrayBuffer(17), 1) }],
  ['of no memory', { dtype: 'bool', words: 1, raw: [1] }],
])('a clone %s is refused', (_, data) => {
  expect(thrownBy(() => core.encode({ data }))).toMatchObject({ code: 'NPY_ARRAY' });
});
