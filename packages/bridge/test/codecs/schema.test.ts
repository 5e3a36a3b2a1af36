// A model's input and output have a schema, which is declared or learnt from the first exchange. An array that does not fit is
// refused with an error that names the difference, and nothing is sent.
import { array, ObjectStore } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { memoryAskedFor } from '../../../transport/test/support/memory-asked-for.ts';
import { type ArrayHandler, type ConnectOptions, connect, type Model, serve } from '../../src/index.ts';

async function modelOf(
  options: ConnectOptions,
  handler: ArrayHandler = () => new Float32Array(6),
): Promise<{ model: Model; sent(): number }> {
  let sent = 0;
  const listener = await serve('tcp://127.0.0.1:0', { onError: () => {} }, (input, context) => {
    sent++;
    return handler(input, context);
  });
  onTestFinished(() => listener[Symbol.asyncDispose]());
  const model = connect(listener.address, options);
  onTestFinished(() => model.close());
  return { model, sent: () => sent };
}

const picture = (shape: readonly number[], dtype: 'uint8' | 'float32' = 'uint8') =>
  array(new Uint8Array(shape.reduce((product, length) => product * length, 1)), { shape, dtype });

describe('declared', () => {
  const input = { dtype: 'uint8', shape: [null, null, 3] } as const;

  test('what fits is sent', async () => {
    const { model, sent } = await modelOf({ input });
    for (const shape of [
      [4, 5, 3],
      [1, 1, 3],
      [0, 9, 3],
    ])
      await model.call(picture(shape));
    expect(sent()).toBe(3);
  });

  test.each([
    [[4, 5, 4], 'uint8', 'expected shape (any, any, 3), got (4, 5, 4) (axis 2)'],
    [[4, 5], 'uint8', 'expected shape (any, any, 3), got (4, 5)'],
    [[4, 5, 3], 'float32', 'expected dtype uint8, got float32'],
  ] as const)('%j of %s is refused before anything is opened', async (shape, dtype, difference) => {
    const { model, sent } = await modelOf({ input });
    const error = await failure(model.call(picture(shape, dtype)));
    expect(error).toMatchObject({
      code: 'BRIDGE_SCHEMA',
      fault: 'caller',
      message: `the input is not what was declared: ${difference}`,
      detail: { side: 'input', expected: input, actual: { dtype, shape: [...shape] } },
    });
    expect(sent()).toBe(0);
    expect(model.stats.failures).toEqual({ BRIDGE_SCHEMA: 1 });
  });

  test("a reply that is something else is refused, and is the peer's fault", async () => {
    const { model } = await modelOf({ output: { dtype: 'float32', shape: [null, 6] } }, () => new Float32Array(5));
    expect(await failure(model.call(picture([1])))).toMatchObject({
      code: 'BRIDGE_SCHEMA',
      fault: 'peer',
      detail: { side: 'output', actual: { dtype: 'float32', shape: [5] } },
    });
  });
});

describe('learnt', () => {
  test('from the first good exchange', async () => {
    const { model, sent } = await modelOf({ schema: 'learn' });
    expect(model.schema).toEqual({ input: undefined, output: undefined });
    await model.call(picture([4, 5, 3]));
    expect(model.schema).toEqual({
      input: { dtype: 'uint8', shape: [4, 5, 3] },
      output: { dtype: 'float32', shape: [null] },
    });
    expect(await failure(model.call(picture([5, 5, 3])))).toMatchObject({ code: 'BRIDGE_SCHEMA' });
    await model.call(picture([4, 5, 3]));
    expect(sent()).toBe(2);
  });

  test('not from one that failed, and not what was declared', async () => {
    let good = false;
    const input = { shape: [null, null, 3] } as const;
    const { model } = await modelOf({ schema: 'learn', input }, () => {
      if (!good) throw new Error('not today');
      return [1];
    });
    await failure(model.call(picture([1, 1, 3])));
    expect(model.schema.output).toBeUndefined();
    good = true;
    await model.call(picture([2, 2, 3], 'float32'));
    expect(model.schema).toEqual({ input, output: { dtype: 'float64', shape: [null] } });
  });
});

describe('whatever is declared', () => {
  test('objects are not sent', async () => {
    const { model, sent } = await modelOf({});
    for (const objects of [new ObjectStore([1, 'a']), [{}], [Symbol('x')], [null], [() => 1]]) {
      expect(await failure(model.call(objects as never))).toMatchObject({ fault: 'caller' });
    }
    expect(sent()).toBe(0);
  });

  test.each([
    [new Uint8Array(1), [100_000, 100_000]],
    [new Float64Array(1), [50_000, 25_000]],
  ])('more bytes than ten digits say are refused before memory is taken for them: %s', async (data, shape) => {
    const { model, sent } = await modelOf({});
    const huge = { data, shape, stride: [0, 0] };
    let error: unknown;
    const asked = await memoryAskedFor(async () => (error = await failure(model.call(huge))));
    expect(error).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'caller',
      detail: { bytes: 10_000_000_128, maxMessageBytes: 9_999_999_999 },
    });
    expect(asked).toBeLessThan(2 ** 20);
    expect(sent()).toBe(0);
  });

  test('invalid options', () => {
    const wrong: ConnectOptions[] = [
      { inFlight: 3 as never },
      { queueLimit: 0 },
      { queueLimit: 1.5 },
      { wedgedMs: 0 },
      { retryMs: -1 },
    ];
    for (const options of wrong) {
      expect(() => connect('tcp://127.0.0.1:1', options)).toThrow(
        expect.objectContaining({ code: 'BRIDGE_OPTION', fault: 'caller' }),
      );
    }
    expect(() => connect([])).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
  });
});
