// If a model takes one array and a caller passes several, the error names the input, and nothing is sent. One array is accepted in
// every form.
import { array } from '@bridge/npy';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Model, serve } from '../../src/index.ts';

const image = array(new Uint8Array(24), { shape: [2, 4, 3] });
const mask = array(new Float32Array(8), { shape: [2, 4] });

async function echo(): Promise<{ model: Model; sent(): number; failures: unknown[] }> {
  let sent = 0;
  const failures: unknown[] = [];
  const listener = await serve('tcp://127.0.0.1:0', { onError: (error) => void failures.push(error) }, (input) => {
    sent++;
    return sent === 1 ? input : ([mask, mask] as never);
  });
  onTestFinished(() => listener[Symbol.asyncDispose]());
  const model = connect(listener.address);
  onTestFinished(() => model.close());
  return { model, sent: () => sent, failures };
}

test.each<[unknown, RegExp]>([
  [
    { image, mask },
    /^a message of the codec npy carries one array, not an object with image \(Uint8Array of 2x4x3\), mask \(Float32Array of 2x4\): /,
  ],
  [{ x: 1, y: [2] }, /an object with x \(number\), y \(a list\): /],
  [{}, /an object with no array in it: /],
  [{ '\x1b[2J\u202e': mask }, /an object with \ufffd\[2J\ufffd \(/],
  [[image, mask], /a list of Uint8Array of 2x4x3, Float32Array of 2x4: /],
  [[new Float32Array(2), new Float32Array(2)], /a list of Float32Array of 2, Float32Array of 2: .* array\(\[a, b\]\)/],
  [[new Float32Array(2), new Float32Array(3)], /a list of Float32Array of 2, Float32Array of 3: /],
  [[1, image], /a list of number, Uint8Array of 2x4x3: /],
  [Array.from({ length: 100 }, () => new Uint8Array(1)), /Uint8Array of 1 and 92 more: /],
])('several arrays in one call are rejected with what was given: %#', async (input, message) => {
  const { model, sent } = await echo();
  await expect(model.call(input as never)).rejects.toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
  await expect(model.call(input as never)).rejects.toThrow(message);
  expect(sent()).toBe(0);
});

test.each<[string, unknown, string, RegExp]>([
  [
    'nothing',
    undefined,
    'NPY_ARRAY',
    /^a message of the codec npy carries one array, and no dtype holds values of the kinds \(undefined\): give an/,
  ],
  ['null', null, 'NPY_ARRAY', /values of the kinds \(null\): give an ndarray/],
  ['a Map', new Map(), 'NPY_ARRAY', /values of the kinds \(Map\): give an ndarray/],
  ['a list of nothing', [undefined, 1], 'NPY_ARRAY', /values of the kinds \(undefined\): give an ndarray/],
  ['a list of two kinds', [1, 'a'], 'NPY_ARRAY', /\(number, string\): give .* of values of one kind: numbers/],
  [
    'an ArrayBuffer',
    new ArrayBuffer(8),
    'NPY_ARRAY',
    /\(ArrayBuffer\): give a typed array of it, such as new Uint8Array/,
  ],
  ['a promise', Promise.resolve([1]), 'NPY_ARRAY', /values of Promise: await it first/],
  ['objects', array([{ a: 1 }], { dtype: 'object' }), 'NPY_OBJECTS', /object arrays are not sent/],
])(
  'what is no array that is sent is refused with what a caller can do about it: %s',
  async (_, input, code, message) => {
    const { model, sent } = await echo();
    const error = await model.call(input as never).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ code, fault: 'caller', message: expect.stringMatching(message) });
    // The message must not propose options of @bridge/npy that `call` does not have or that have another meaning there.
    expect(error).not.toMatchObject({ message: expect.stringMatching(/ask for one|\{ objects/) });
    expect(sent()).toBe(0);
  },
);

test.each<[unknown, readonly number[]]>([
  [
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
    [3, 2],
  ],
  [[1, 2], [2]],
  [[], [0]],
  [7, []],
  [array([new Float32Array(2), new Float32Array(2)]), [2, 2]],
  [{ data: new Float32Array(6), shape: [3, 2] }, [3, 2]],
])('one array in any spelling is sent: %#', async (input, shape) => {
  const { model } = await echo();
  expect((await model.call(input as never)).shape).toEqual(shape);
});

test('a handler that answers with several arrays: the error says so', async () => {
  const { model, failures } = await echo();
  await model.call([1]);
  await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(failures).toEqual([
    expect.objectContaining({
      code: 'NPY_ARRAY',
      message: expect.stringMatching(
        /^a message of the codec npy carries one array, not a list of Float32Array of 2x4, .*: make one array of them, .*; if/,
      ),
    }),
  ]);
});
