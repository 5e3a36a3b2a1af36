// The effects of a client's connections on the server: rows 1, 2, 12, 13 and 14 of the table in README.md.

import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { frame, mismatch } from './frames.ts';
import { countsDrops, droppedAt } from './kernel.ts';
import { RawClient, request, serves } from './raw-client.ts';
import { onEachVariant, pends } from './variants.ts';
import { countingCarrier } from './watched-carrier.ts';

onEachVariant('connections', (rows) => {
  test.each(['fin', 'rst'] as const)('careless: connect and %s: the model dies', async (way) => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    client[way]();
    expect(await model.ended).toBe(1);
  });

  test.each(['fin', 'rst'] as const)(
    'careless: connect and %s while another is served: the model dies',
    async (way) => {
      const model = await rows.victim();
      await using first = await RawClient.open(model.port);
      await first.write(request({ id: 1, computeMs: 100 }));
      await model.until(() => model.said('received') === 1);
      const queued = await RawClient.open(model.port);
      queued[way]();
      await first.reply();
      expect(await model.ended).toBe(1);
    },
  );

  test('host: a call that sends no message opens no connection', async () => {
    const { survivor } = rows;
    await using unused = connect(survivor.target);
    await unused.close();
    const { carrier, opened } = countingCarrier(survivor.port);
    await using model = connect(carrier, { queueLimit: 2, input: { dtype: 'float64', shape: [null] } });
    const none = [
      model.call([1], { signal: AbortSignal.abort(new Error('never mind')) }),
      model.call(new Uint8Array(3)),
    ];
    const first = model.call(frame({ id: 1, computeMs: 50 }));
    const given = AbortSignal.timeout(10);
    const waiting = [model.call(frame({ id: 2 }), { signal: given }), model.call(frame({ id: 3 }), { timeoutMs: 10 })];
    const outcomes = await Promise.allSettled([...none, ...waiting]);
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'));
    expect(mismatch({ id: 1 }, await first)).toBeUndefined();
    const closing = Promise.allSettled([model.call(frame({ id: 4, computeMs: 20 })), model.call(frame({ id: 5 }))]);
    await expect.poll(() => model.stats.inFlight).toBe(1);
    await model.close();
    expect((await closing).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(opened()).toBe(2);
  });

  test('careless: connect and stay silent: nobody else is served', async () => {
    const model = await rows.victim();
    await using _silent = await RawClient.open(model.port);
    expect(await serves(model.port, { id: 1 }, 500)).toBe(false);
  });

  test.each([1, 2] as const)('host, in flight %i: between its calls others are served', async (inFlight) => {
    const { survivor } = rows;
    await using model = connect(survivor.target, { inFlight });
    for (let id = 0; id < 5; id++) {
      expect(mismatch({ id }, await model.call(frame({ id })))).toBeUndefined();
      expect(await serves(survivor.port, { id: 100 + id })).toBe(true);
      await pause(id * 5);
    }
  });

  test('careless: two messages on one connection: the second is never answered', async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(request({ id: 1 }));
    await client.reply();
    await client.write(request({ id: 2 }));
    const second = client.reply().catch(() => 'closed');
    if (rows.variant === 'post') expect(await pends(second, 300)).toBe(true);
    else expect(await second).toBe('closed');
    await model.until(() => model.said('waiting') === 2);
    expect(model.said('received')).toBe(1);
  });

  test('host: each message has a connection of its own', async () => {
    const { carrier, opened } = countingCarrier(rows.survivor.port);
    await using model = connect(carrier);
    const replies = await Promise.all([1, 2, 3, 4, 5].map((id) => model.call(frame({ id }))));
    expect(replies.map((reply) => reply.get(0))).toEqual([1, 2, 3, 4, 5]);
    expect(opened()).toBe(5);
  });

  test.skipIf(!countsDrops)('careless: six clients at once: the kernel drops connections', async () => {
    const model = await rows.victim();
    // The model's process is stopped, so that all clients connect before it accepts the first.
    model.pause();
    const clients = [1, 2, 3, 4, 5, 6].map((id) => serves(model.port, { id }));
    await expect.poll(() => droppedAt(model.port)).toBeGreaterThan(0);
    model.resume();
    await Promise.allSettled(clients);
  });

  test.skipIf(!countsDrops).each([1, 2] as const)(
    'host, in flight %i: eight callers, two models on one address, and not one connection dropped',
    async (inFlight) => {
      const { survivor } = rows;
      await using one = connect(survivor.target, { inFlight });
      await using other = connect(survivor.target.replace('127.0.0.1', 'localhost'), { inFlight });
      const callers = Array.from({ length: 8 }, async (_, caller) => {
        for (let round = 0; round < 10; round++) {
          const spec = { id: caller * 100 + round, computeMs: 2 };
          expect(mismatch(spec, await (caller % 2 ? one : other).call(frame(spec)))).toBeUndefined();
        }
      });
      await Promise.all(callers);
      expect(droppedAt(survivor.port)).toBe(0);
    },
  );

  test('careless: a slow trickle: all others wait for it', async () => {
    const model = await rows.victim();
    await using slow = await RawClient.open(model.port);
    const bytes = request({ id: 1 });
    await slow.write(bytes.subarray(0, 40));
    const other = serves(model.port, { id: 2 });
    for (let at = 40; at < bytes.length; at += 30) {
      expect(await pends(other, 50)).toBe(true);
      await slow.write(bytes.subarray(at, at + 30));
    }
    await slow.reply();
    expect(await other).toBe(true);
  });

  test('host: a slow source delays no other host', async () => {
    const { survivor } = rows;
    await using model = connect(survivor.target);
    async function* slow() {
      for (let id = 0; id < 4; id++) {
        await pause(20);
        expect(await serves(survivor.port, { id: 100 + id })).toBe(true);
        yield frame({ id });
      }
    }
    const ids: unknown[] = [];
    for await (const { output } of model.stream(slow())) ids.push(output.get(0));
    expect(ids).toEqual([0, 1, 2, 3]);
  });
});
