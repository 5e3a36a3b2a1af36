// The effects on the server of how clients leave, and of how they take its reply: rows 5 to 11 of the table in README.md.
import { decode } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { expect, test } from 'vitest';
import { connect } from '../../src/index.ts';
import { frame, mismatch } from './frames.ts';
import { timeWaits } from './kernel.ts';
import { RawClient, request, serves } from './raw-client.ts';
import { isRead, onEachVariant, pends } from './variants.ts';
import { PHASES, type Phase, watchedCarrier } from './watched-carrier.ts';

/** A reply of 48 MB, which is more than the kernel's buffers hold for a client that does not read. */
const LARGE = 6_000_000;

onEachVariant('leaving', (rows) => {
  test('careless: FIN in the middle of a message: the model spins, and serves nobody any more', async () => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    await client.write(request({ id: 1, elements: 1000 }).subarray(0, 5000));
    client.fin();
    expect(await model.spins()).toBe(true);
    expect(await serves(model.port, { id: 2 }, 300)).toBe(false);
  });

  test('careless: RST in the middle of a message: the model dies', async () => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    await client.write(request({ id: 1, elements: 1000 }).subarray(0, 5000));
    await isRead(model);
    client.rst();
    expect(await model.ended).toBe(1);
  });

  test('careless: RST after the message, while the model works on it: the model dies', async () => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    await client.write(request({ id: 1, computeMs: 100 }));
    await model.until(() => model.said('received') === 1);
    client.rst();
    expect(await model.ended).toBe(1);
  });

  test('careless: RST of a whole message in the backlog: the model dies', async () => {
    const model = await rows.victim();
    await using first = await RawClient.open(model.port);
    await first.write(request({ id: 1, computeMs: 100 }));
    await model.until(() => model.said('received') === 1);
    const queued = await RawClient.open(model.port);
    await queued.write(request({ id: 2 }));
    queued.rst();
    expect(await model.ended).toBe(1);
  });

  test('careless: FIN after the message: the model survives a small reply, and dies of a large one', async () => {
    const model = await rows.victim();
    const small = await RawClient.open(model.port);
    await small.write(request({ id: 1, computeMs: 50 }));
    small.fin();
    expect(await serves(model.port, { id: 2 })).toBe(true);
    const large = await RawClient.open(model.port);
    await large.write(request({ id: 3, computeMs: 50, replyElements: LARGE }));
    large.fin();
    expect(await model.ended).toBe(1);
  });

  const FRAMES = [
    ['small', {}],
    ['large', { elements: 2_000_000 }],
    ['largely answered', { replyElements: 2_000_000 }],
  ] as const;

  test.each(PHASES.flatMap((phase) => FRAMES.map(([size, spec]) => [phase, size, spec] as const)))(
    'host: aborted when just %s, a %s frame: the caller is told, and the model finishes',
    async (phase, _, spec) => {
      const { survivor } = rows;
      const over = new AbortController();
      const reason = new Error('changed my mind');
      let steps = 0;
      const carrier = watchedCarrier(survivor.port, (step) => {
        steps++;
        if (step === phase) over.abort(reason);
      });
      await using model = connect(carrier);
      const call = model.call(frame({ id: 1, ...spec }), { signal: over.signal }).catch((error: unknown) => error);
      expect(await call).toBe(reason);
      expect(mismatch({ id: 2 }, await model.call(frame({ id: 2 })))).toBeUndefined();
      // Both exchanges took all steps: begun, connected, sent, and read in one piece or more.
      expect(steps).toBeGreaterThanOrEqual(8);
    },
  );

  test('host: timeout in the middle of a message that the model does not take', async () => {
    const { survivor } = rows;
    await using model = connect(survivor.target);
    survivor.pause();
    const huge = model.call(frame({ id: 1, elements: LARGE }), { timeoutMs: 1000 }).catch((error: unknown) => error);
    const outcome = await huge;
    const { inFlight } = model.stats;
    survivor.resume();
    expect(outcome).toMatchObject({ code: 'BRIDGE_TIMEOUT' });
    expect(inFlight).toBe(1);
    expect(mismatch({ id: 2 }, await model.call(frame({ id: 2 })))).toBeUndefined();
  });

  test('host: closed in the middle of a message: the message is finished first', async () => {
    const { survivor } = rows;
    const model = connect(survivor.target);
    survivor.pause();
    const spec = { id: 1, elements: LARGE };
    const call = model.call(frame(spec));
    await expect.poll(() => model.stats.inFlight).toBe(1);
    const closed = model.close();
    expect(await pends(closed, 50)).toBe(true);
    survivor.resume();
    expect(mismatch(spec, await call)).toBeUndefined();
    await closed;
  });

  test('careless: a reply that is not read: the model serves nobody else', async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(request({ id: 1, replyElements: LARGE }));
    await model.until(() => model.said('replying') === 1);
    expect(await serves(model.port, { id: 2 }, 300)).toBe(false);
  });

  test('host: given up inside a large reply, again and again: every reply is read to its end', async () => {
    const { survivor } = rows;
    await using model = connect(survivor.target);
    for (let id = 0; id < 5; id++) {
      const over = new AbortController();
      const call = model.call(frame({ id, replyElements: LARGE }), { signal: over.signal });
      const replying = survivor.said('replying');
      void survivor.until(() => survivor.said('replying') > replying).then(() => over.abort());
      await call.catch((error: unknown) => expect(error).toBe(over.signal.reason));
    }
    expect(mismatch({ id: 9 }, await model.call(frame({ id: 9 })))).toBeUndefined();
  });

  test('host: a reply that is refused is read to its end all the same', async () => {
    const { survivor } = rows;
    await using strict = connect(survivor.target, { limits: { maxMessageBytes: 10_000 } });
    const large = strict.call(frame({ id: 1, replyElements: LARGE })).catch((error: unknown) => error);
    expect(await large).toMatchObject({ code: 'TRANSPORT_TOO_LARGE', fault: 'peer' });
    await using other = connect(survivor.target, { output: { dtype: 'float32', shape: [null] } });
    await expect(other.call(frame({ id: 2, replyElements: LARGE }))).rejects.toMatchObject({ code: 'BRIDGE_SCHEMA' });
    expect(mismatch({ id: 3 }, await strict.call(frame({ id: 3 })))).toBeUndefined();
  });

  test('host: a reply that is refused, from a model that stands still in the middle of it', async () => {
    const { survivor } = rows;
    let stopped = false;
    const stop = (phase: Phase): void => {
      if (phase === 'reading' && !stopped) survivor.pause();
      stopped ||= phase === 'reading';
    };
    await using model = connect(watchedCarrier(survivor.port, stop, { maxMessageBytes: 10_000 }));
    const call = model.call(frame({ id: 1, replyElements: 5 * LARGE })).catch((error: unknown) => error);
    const outcome = await call;
    survivor.resume();
    expect(outcome).toMatchObject({ code: 'TRANSPORT_TOO_LARGE', fault: 'peer' });
    expect(mismatch({ id: 2 }, await model.call(frame({ id: 2 })))).toBeUndefined();
  });

  test('careless: RST after the whole reply: harmless, and no port waits', async () => {
    const model = await rows.victim();
    for (let id = 0; id < 50; id++) expect(await serves(model.port, { id })).toBe(true);
    expect(model.alive).toBe(true);
    expect(timeWaits(model.port)).toBe(0);
  });

  test('careless: FIN after the whole reply: a port waits for each', async () => {
    const model = await rows.victim();
    for (let id = 0; id < 20; id++) {
      await using client = await RawClient.open(model.port);
      await client.write(request({ id }));
      await client.reply();
    }
    expect(timeWaits(model.port)).toBeGreaterThanOrEqual(19);
  });

  test('host: no port waits', async () => {
    const { survivor } = rows;
    const before = timeWaits(survivor.port);
    await using model = connect(survivor.target, { inFlight: 2, queueLimit: 300 });
    await Promise.all(Array.from({ length: 300 }, (_, id) => model.call(frame({ id }))));
    // Ports of the tests before may leave TIME_WAIT meanwhile.
    expect(timeWaits(survivor.port)).toBeLessThanOrEqual(before);
  });

  test('careless: waiting for the end of the stream to know the end of the reply', async () => {
    const model = await rows.victim();
    await using client = await RawClient.open(model.port);
    await client.write(request({ id: 1 }));
    const end = client.end();
    if (rows.variant === 'post') {
      expect(await pends(end, 300)).toBe(true);
      // The stream only ends when the next client connects and the server drops this connection.
      expect(await serves(model.port, { id: 2 })).toBe(true);
    }
    await end;
  });

  test('careless: one read for the whole reply: a large one is cut', async () => {
    const model = await rows.victim();
    const client = await RawClient.open(model.port);
    await client.write(request({ id: 1, replyElements: LARGE }));
    const chunk = await new Promise<Buffer>((resolve) => client.socket.once('data', resolve));
    expect(() => decode(chunk)).toThrow(expect.objectContaining({ code: 'NPY_TRUNCATED' }));
    client.fin();
    expect(await model.ended).toBe(1);
  });

  test('host: the end of a reply is where its own header says, however large it is', async () => {
    await using model = connect(rows.survivor.target);
    for (const replyElements of [1, 497, 8191, 100_000, LARGE]) {
      const spec = { id: 5, replyElements };
      expect(mismatch(spec, await model.call(frame(spec)))).toBeUndefined();
    }
  });

  test('host: a message is not sent again if the model dies with it', async () => {
    const model = await rows.victim();
    await using host = connect(model.target, { retryMs: 100 });
    const call = host.call(frame({ id: 1, computeMs: 10_000 })).catch((error: unknown) => error);
    await model.until(() => model.said('received') === 1);
    await model.kill();
    expect(isTransportError(await call, 'TRANSPORT_CLOSED_BEFORE_REPLY')).toBe(true);
    expect(host.stats.resent).toBe(0);
  });
});
