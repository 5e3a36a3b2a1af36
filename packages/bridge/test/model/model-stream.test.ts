// Streams through a model whose pace the test sets: the order, backpressure, the policy `latest`, and the release of resources
// however a stream ends.
import { type AnyNdArray, array } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ConnectOptions, connect, type Model, serve } from '../../src/index.ts';

/** A model that adds 1000 to a number when the test lets it. */
async function pacedModel(options: ConnectOptions = {}, replicas = 1) {
  const seen: number[] = [];
  const gates: (() => void)[] = [];
  let free = false;
  const targets: string[] = [];
  for (let i = 0; i < replicas; i++) {
    const listener = await serve('tcp://127.0.0.1:0', { onError: () => {} }, async (input) => {
      const value = Number((input as AnyNdArray).get(0));
      seen.push(value);
      if (!free) await new Promise<void>((resolve) => gates.push(resolve));
      if (value < 0) throw new Error('negative');
      return [value + 1000];
    });
    onTestFinished(() => listener[Symbol.asyncDispose]());
    targets.push(listener.address);
  }
  const model = connect(targets, options);
  const free_ = (): void => {
    free = true;
    for (const open of gates.splice(0)) open();
  };
  onTestFinished(async () => {
    free_();
    await model.close();
  });
  return { model, seen, let: () => gates.shift()?.(), gates, free: free_ };
}

const frame = (value: number) => array([value], { dtype: 'float64' });

/** Calls another model and resolves with its answer: by then the stream has done everything that it does without further events. */
async function meanwhile(): Promise<void> {
  await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
  await using other = connect(listener.address);
  for (let i = 0; i < 3; i++) await other.call(frame(i));
}

/** A source that counts the frames that were taken, and records whether it was told to stop. */
function source(values: Iterable<number>) {
  const state = { given: 0, returned: false };
  async function* frames() {
    try {
      for (const value of values) {
        state.given++;
        yield frame(value);
      }
    } finally {
      state.returned = true;
    }
  }
  return { state, frames: frames() };
}

function* count(): Generator<number> {
  for (let i = 0; ; i++) yield i;
}

/** A source to which the test adds frames. */
function live() {
  const queue: number[] = [];
  let wake: (() => void) | undefined;
  let ended = false;
  let returned = false;
  return {
    push(...values: number[]) {
      queue.push(...values);
      wake?.();
    },
    end() {
      ended = true;
      wake?.();
    },
    isReturned: () => returned,
    frames: {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next(): Promise<IteratorResult<ReturnType<typeof frame>, undefined>> {
        while (queue.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
        const value = queue.shift();
        return value === undefined ? { done: true, value: undefined } : { done: false, value: frame(value) };
      },
      async return(): Promise<IteratorResult<ReturnType<typeof frame>, undefined>> {
        returned = true;
        return { done: true, value: undefined };
      },
    },
  };
}

const value = (result: { output: AnyNdArray } | undefined): number => Number(result?.output.get(0));

describe('every frame', () => {
  test('in order, each with its result', async () => {
    const { model, free } = await pacedModel({ inFlight: 2 });
    free();
    const results: number[][] = [];
    for await (const { input, output } of model.stream(source([3, 1, 2, 5]).frames, { dtype: 'float64' })) {
      results.push([input.get(0), output.get(0)]);
    }
    expect(results).toEqual([
      [3, 1003],
      [1, 1001],
      [2, 1002],
      [5, 1005],
    ]);
    expect(model.stats).toMatchObject({ calls: 4, answered: 4, failures: {}, dropped: 0 });
  });

  test('plain lists are sources too', async () => {
    const { model, free } = await pacedModel();
    free();
    const outputs: number[] = [];
    for await (const result of model.stream([[7], [8]])) outputs.push(value(result));
    expect(outputs).toEqual([1007, 1008]);
  });

  test('the source is asked for no more than can be under way', async () => {
    const { model, seen, gates, free } = await pacedModel();
    const { state, frames } = source(count());
    const stream = model.stream(frames, { inFlight: 3 });
    const first = stream.next();
    await expect.poll(() => [gates.length, state.given]).toEqual([1, 3]);
    await meanwhile();
    expect(state.given).toBe(3);
    free();
    expect(value((await first).value)).toBe(1000);
    // If the program takes no results, the stream takes no frames from the source.
    await meanwhile();
    expect(seen.length).toBeLessThanOrEqual(4);
    expect(state.given).toBeLessThanOrEqual(4);
    await stream.return(undefined);
  });

  test('the next frame is under way while a result is being looked at', async () => {
    const { model, seen, free } = await pacedModel();
    free();
    const stream = model.stream(source(count()).frames);
    await stream.next();
    await expect.poll(() => seen.length).toBe(2);
    await stream.return(undefined);
  });

  test('more than the queue takes wait in the source, and none is refused', async () => {
    const { model, gates, free } = await pacedModel({ queueLimit: 2 });
    const { state, frames } = source(Array(20).keys());
    const stream = model.stream(frames, { inFlight: 10 });
    const first = stream.next();
    // The stream has taken four frames: the model has one, two are queued, and one waits for a place.
    await expect.poll(() => [gates.length, model.stats.queued, state.given]).toEqual([1, 2, 4]);
    await meanwhile();
    expect(model.stats).toMatchObject({ inFlight: 1, queued: 2 });
    expect(state.given).toBe(4);
    free();
    const outputs = [value((await first).value)];
    for await (const result of stream) outputs.push(value(result));
    expect(outputs).toEqual(Array.from({ length: 20 }, (_, i) => 1000 + i));
    expect(model.stats.failures).toEqual({});
  });

  test('more than the queue takes, while nobody takes the results', async () => {
    const { model, seen, free } = await pacedModel({ queueLimit: 1 });
    free();
    const stream = model.stream(source(count()).frames, { inFlight: 6 });
    await stream.next();
    // The program has taken one result, and the stream has six more frames under way.
    await expect.poll(() => seen.length).toBe(7);
    await stream.return(undefined);
  });

  test('more than the queue takes, of a model that is not there yet', async () => {
    const listener = await serve('tcp://127.0.0.1:0', (input) => input);
    const target = listener.address;
    await listener.close();
    await using model = connect(target, { queueLimit: 2, retryMs: 60_000 });
    const first = model.call(frame(0)).catch((error: unknown) => error);
    await expect.poll(() => model.stats.replicas[0]?.health).toBe('down');
    const results = (async () => {
      const outputs: number[] = [];
      for await (const result of model.stream(source(Array(8).keys()).frames, { inFlight: 8 }))
        outputs.push(value(result));
      return outputs;
    })();
    await expect.poll(() => model.stats.queued).toBe(2);
    await using _ = await serve(target, (input) => input);
    expect(await results).toEqual([...Array(8).keys()]);
    expect(value({ output: (await first) as AnyNdArray })).toBe(0);
  });

  test('a queue that others have filled: a stream with nothing under way is told, as a call is', async () => {
    const { model, gates, free } = await pacedModel({ queueLimit: 2 });
    const others = [model.call(frame(1))];
    await expect.poll(() => gates.length).toBe(1);
    others.push(model.call(frame(2)), model.call(frame(3)));
    await expect(model.stream([[4]]).next()).rejects.toMatchObject({ code: 'BRIDGE_QUEUE_FULL' });
    free();
    await Promise.all(others);
  });

  test('from several replicas: in order, or as they come', async () => {
    for (const ordered of [true, false]) {
      const { model, gates, free } = await pacedModel({}, 2);
      const stream = model.stream(source([1, 2]).frames, { ordered });
      const first = stream.next();
      await expect.poll(() => gates.length).toBe(2);
      gates[1]?.();
      await expect.poll(() => model.stats.answered).toBe(1);
      gates[0]?.();
      free();
      const outputs = [value((await first).value), value((await stream.next()).value)];
      if (ordered) expect(outputs).toEqual([1001, 1002]);
      else expect(outputs.toSorted()).toEqual([1001, 1002]);
      await stream.return(undefined);
    }
  });
});

describe('the latest frame', () => {
  test('a frame that waits is replaced by a newer one, and counted', async () => {
    const { model, seen, gates, free } = await pacedModel();
    const camera = live();
    const stream = model.stream(camera.frames, { policy: 'latest' });
    const first = stream.next();
    camera.push(1);
    await expect.poll(() => gates.length).toBe(1);
    camera.push(2, 3, 4);
    await expect.poll(() => model.stats.dropped).toBe(2);
    gates.shift()?.();
    expect(value((await first).value)).toBe(1001);
    await expect.poll(() => seen.length).toBe(2);
    expect(seen).toEqual([1, 4]);
    expect(model.stats.dropped).toBe(2);
    camera.push(5);
    camera.end();
    free();
    expect(value((await stream.next()).value)).toBe(1004);
    expect(value((await stream.next()).value)).toBe(1005);
    expect((await stream.next()).done).toBe(true);
  });

  test('replaced even in the queue behind other calls, as long as its first byte has not been sent', async () => {
    const { model, seen, gates, free } = await pacedModel();
    const other = model.call(frame(50));
    await expect.poll(() => gates.length).toBe(1);
    const camera = live();
    const stream = model.stream(camera.frames, { policy: 'latest' });
    const first = stream.next();
    for (const i of [1, 2, 3]) {
      camera.push(i);
      await expect.poll(() => [model.stats.queued, model.stats.dropped]).toEqual([1, i - 1]);
    }
    free();
    await other;
    expect(value((await first).value)).toBe(1003);
    expect(seen).toEqual([50, 3]);
    expect(model.stats.dropped).toBe(2);
    await stream.return(undefined);
  });

  test('a source that never waits does not keep the rest from happening', async () => {
    const { model, gates, free } = await pacedModel();
    const stream = model.stream(source(count()).frames, { policy: 'latest' });
    const first = stream.next();
    await expect.poll(() => gates.length).toBe(1);
    await expect.poll(() => model.stats.dropped).toBeGreaterThan(0);
    free();
    const outputs = [value((await first).value)];
    for await (const result of stream) {
      outputs.push(value(result));
      if (outputs.length === 5) break;
    }
    expect(outputs.toSorted((a, b) => a - b)).toEqual(outputs);
  });
});

describe('the end of a stream', () => {
  const settled = async (model: Model): Promise<void> => {
    await expect.poll(() => model.stats.inFlight + model.stats.queued).toBe(0);
  };

  test.each(['every', 'latest'] as const)('%s: break tells the source, and drops what waits', async (policy) => {
    const { model, seen, free } = await pacedModel();
    free();
    const { state, frames } = source(count());
    for await (const _ of model.stream(frames, { policy, inFlight: 4 })) break;
    expect(state.returned).toBe(true);
    await settled(model);
    const sent = [...seen];
    expect(value({ output: (await model.call(frame(999_991))) as AnyNdArray })).toBe(1_000_991);
    expect(seen).toEqual([...sent, 999_991]);
  });

  test.each(['every', 'latest'] as const)(
    '%s: abort gives the reason, at whatever is being waited for',
    async (policy) => {
      const { model, gates, free } = await pacedModel();
      const camera = live();
      const controller = new AbortController();
      const stream = model.stream(camera.frames, { policy, signal: controller.signal });
      const waiting = stream.next().catch((error: unknown) => error);
      camera.push(1, 2, 3);
      await expect.poll(() => gates.length).toBe(1);
      controller.abort('enough');
      expect(await waiting).toBe('enough');
      expect((await stream.next()).done).toBe(true);
      expect(camera.isReturned()).toBe(true);
      expect(model.stats).toMatchObject({ inFlight: 1, queued: 0 });
      free();
      await settled(model);
    },
  );

  test('an abort drops what waits at once, also while a result is being looked at', async () => {
    const { model, seen, let: let_ } = await pacedModel();
    const { frames } = source(count());
    const controller = new AbortController();
    const stream = model.stream(frames, { inFlight: 3, signal: controller.signal });
    const first = stream.next();
    await expect.poll(() => seen.length).toBe(1);
    let_();
    await first;
    await expect.poll(() => [seen.length, model.stats.queued]).toEqual([2, 2]);
    controller.abort('enough');
    expect(model.stats.queued).toBe(0);
    await expect(stream.next()).rejects.toBe('enough');
  });

  test('aborted before it began', async () => {
    const { model, seen } = await pacedModel();
    const { frames } = source(count());
    const stream = model.stream(frames, { signal: AbortSignal.abort('never mind') });
    await expect(stream.next()).rejects.toBe('never mind');
    expect(seen).toEqual([]);
  });

  test("a frame's error comes in its place, and ends the source", async () => {
    const { model, free } = await pacedModel({ inFlight: 2 });
    free();
    const { state, frames } = source([1, -1, 2, 3, 4, 5]);
    const outputs: number[] = [];
    const run = async (): Promise<void> => {
      for await (const result of model.stream(frames)) outputs.push(value(result));
    };
    await expect(run()).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    expect(outputs).toEqual([1001]);
    expect(state.returned).toBe(true);
    await settled(model);
  });

  test("what a source throws when it is told to stop is in nobody's way", async () => {
    const { model, free } = await pacedModel();
    free();
    const broken = (values: number[]) => ({
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: frame(values.shift() ?? 0) }),
        return: () => {
          throw new Error('cannot stop');
        },
      }),
    });
    for await (const result of model.stream(broken([1]))) {
      expect(value(result)).toBe(1001);
      break;
    }
    await expect(model.stream(broken([-1])).next()).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    await settled(model);
  });

  test("the source's error, after the results of what it gave before", async () => {
    const { model, free } = await pacedModel();
    free();
    async function* broken() {
      yield frame(1);
      await expect.poll(() => model.stats.answered).toBe(1);
      throw new Error('unplugged');
    }
    const stream = model.stream(broken());
    expect(value((await stream.next()).value)).toBe(1001);
    await expect(stream.next()).rejects.toThrow('unplugged');
    await settled(model);
  });

  test.each(['every', 'latest'] as const)(
    "%s: the source's error does not take the results under way",
    async (policy) => {
      const { model, gates, free } = await pacedModel({ inFlight: 2 });
      let unplugged = false;
      async function* broken() {
        for (const value of [1, 2]) {
          yield frame(value);
          await expect.poll(() => gates.length).toBe(value);
        }
        unplugged = true;
        throw new Error('unplugged');
      }
      const stream = model.stream(broken(), { policy, inFlight: 3 });
      const first = stream.next();
      await expect.poll(() => unplugged).toBe(true);
      free();
      expect(value((await first).value)).toBe(1001);
      expect(value((await stream.next()).value)).toBe(1002);
      await expect(stream.next()).rejects.toThrow('unplugged');
      await settled(model);
    },
  );

  test('a frame that cannot be encoded or is refused by the schema', async () => {
    const { model, free, seen } = await pacedModel({ input: { dtype: 'float64', shape: [1] } });
    free();
    for (const policy of ['every', 'latest'] as const) {
      const stream = model.stream([frame(1), array([1, 2])], { policy });
      const run = async (): Promise<void> => {
        for await (const _ of stream);
      };
      await expect(run()).rejects.toMatchObject({ code: 'BRIDGE_SCHEMA' });
    }
    expect(seen.every((each) => each === 1)).toBe(true);
  });

  test('each frame has its timeout', async () => {
    const { model } = await pacedModel();
    const stream = model.stream(source(count()).frames, { timeoutMs: 20 });
    await expect(stream.next()).rejects.toMatchObject({ code: 'BRIDGE_TIMEOUT' });
  });
});
