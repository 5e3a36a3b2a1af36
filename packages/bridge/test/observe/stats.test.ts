// A model object has statistics, and publishes events on Node's diagnostics channels.
import { channel, tracingChannel } from 'node:diagnostics_channel';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { type CallTrace, connect, type ModelEvent, serve } from '../../src/index.ts';

test('calls, failures by code, bytes, latencies, replicas', async () => {
  await using listener = await serve(
    'tcp://127.0.0.1:0',
    {
      onError: () => {},
    },
    (input) => (input.shape[0] === 3 ? [1, 2] : Promise.reject(new Error('no'))),
  );
  await using model = connect(listener.address, { input: { shape: [null] } });
  for (let i = 0; i < 5; i++) await model.call([1, 2, 3]);
  const failing = [
    model.call([1]),
    model.call([[1]]),
    model.call([1, 2n] as never),
    model.call([1, 2, 3], { signal: AbortSignal.abort(new Error('enough')) }),
    model.call([1, 2, 3], { dtype: 'int8' }),
  ];
  await Promise.allSettled(failing);
  const { stats } = model;
  expect(stats).toMatchObject({
    calls: 10,
    answered: 5,
    failures: { TRANSPORT_CLOSED_BEFORE_REPLY: 1, BRIDGE_SCHEMA: 1, NPY_ARRAY: 1, ABORTED: 1, NPY_DTYPE: 1 },
    dropped: 0,
    resent: 0,
    queued: 0,
    inFlight: 0,
    sentBytes: 5 * (128 + 24),
    receivedBytes: 5 * (128 + 16),
    replicas: [{ target: listener.address, health: 'up', answered: 5 }],
  });
  expect(stats.latencyMs.count).toBe(5);
  expect(stats.modelMs.p50).toBeGreaterThan(0);
  expect(stats.latencyMs.max).toBeGreaterThanOrEqual(stats.modelMs.max);
});

test('every call is told on tracing:bridge:call', async () => {
  const events: [string, CallTrace][] = [];
  const note = (name: string) => (trace: unknown) => void events.push([name, { ...(trace as CallTrace) }]);
  const handlers = {
    start: note('start'),
    end: note('end'),
    asyncStart: note('asyncStart'),
    asyncEnd: note('asyncEnd'),
    error: note('error'),
  };
  const calls = tracingChannel('bridge:call');
  calls.subscribe(handlers);
  onTestFinished(() => void calls.unsubscribe(handlers));
  await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
  await using model = connect(listener.address);
  await model.call([1, 2, 3]);
  expect(events.map(([name]) => name)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
  expect(events[0]?.[1]).toEqual({ target: listener.address });
  expect(events.at(-1)?.[1]).toMatchObject({
    dtype: 'float64',
    shape: [3],
    requestBytes: 152,
    replica: listener.address,
    replyBytes: 152,
  });
  events.length = 0;
  await expect(model.call([1, 2n] as never)).rejects.toThrow();
  expect(events.map(([name]) => name)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
  expect(events.at(-1)?.[1].error).toMatchObject({ code: 'NPY_ARRAY' });
});

test('a replica that goes and comes back is told on bridge:model', async () => {
  const events: ModelEvent[] = [];
  const note = (event: unknown): void => void events.push(event as ModelEvent);
  const models = channel('bridge:model');
  models.subscribe(note);
  onTestFinished(() => void models.unsubscribe(note));
  const target = `tcp://127.0.0.1:${await freePort()}`;
  await using model = connect(target, { retryMs: 0 });
  await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  await using _listener = await serve(target, (input) => input);
  await model.call([1]);
  expect(events).toMatchObject([
    { target, health: 'down', error: { code: 'TRANSPORT_REFUSED' } },
    { target, health: 'up' },
  ]);
});
