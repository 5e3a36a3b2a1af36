// The guard calls the real ml_model.py while that starts late, ends, restarts, and stops answering.
import { isTransportError } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { connect, isBridgeError } from '../../src/index.ts';
import { ML_MODEL, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';
import { picture } from '../support/picture.ts';

const [label, python] = pythons[0] ?? ['no Python', undefined];

describe.skipIf(!python)(`the guard and ml_model.py on ${label}`, () => {
  test('a call made before the model is there is answered when it is', async () => {
    const port = await freePort();
    await using model = connect(`tcp://127.0.0.1:${port}`, { retryMs: 60_000 });
    const early = [model.call(picture(10)), model.call(picture(20))];
    await expect.poll(() => model.stats.replicas[0]?.health).toBe('down');
    await startPeer(python ?? '', ML_MODEL, { port });
    expect((await Promise.all(early)).map((boxes) => boxes.get(0, 0))).toEqual([10, 20]);
    expect(model.stats.resent).toBeGreaterThan(0);
  });

  test('a model that is gone: calls fail at once with the reason, and service resumes by itself', async () => {
    const first = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(first.target, { retryMs: 100 });
    await model.call(picture(10));
    await first.kill();
    const failures = await Promise.allSettled([model.call(picture(1)), model.call(picture(2)), model.call(picture(3))]);
    for (const { reason } of failures as PromiseRejectedResult[]) {
      expect(isTransportError(reason, 'TRANSPORT_REFUSED')).toBe(true);
    }
    const late = await model.call(picture(4)).catch((error: unknown) => error);
    expect(late).toMatchObject({ code: 'TRANSPORT_REFUSED', fault: 'environment' });
    expect(model.stats.replicas).toMatchObject([{ health: 'down' }]);
    const second = await startPeer(python ?? '', ML_MODEL, { port: first.port });
    expect((await model.call(picture(30))).get(0, 0)).toBe(30);
    expect(model.stats.replicas).toMatchObject([{ health: 'up' }]);
    expect(second.alive()).toBe(true);
  });

  test('a model killed under load again and again: each call its own reply or the right error', async () => {
    let running = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(running.target, { retryMs: 60_000, inFlight: 2 });
    let over = false;
    const codes = new Set<string>();
    let answered = 0;
    const caller = async (x: number): Promise<void> => {
      while (!over) {
        try {
          expect((await model.call(picture(x))).get(0, 0)).toBe(x);
          answered++;
        } catch (error) {
          if (!isTransportError(error)) throw error;
          codes.add(error.code);
        }
      }
    };
    const callers = Array.from({ length: 8 }, (_, i) => caller(10 * i));
    for (let life = 0; life < 6; life++) {
      const before = answered;
      await expect.poll(() => answered).toBeGreaterThanOrEqual(before + 20);
      await running.kill();
      running = await startPeer(python ?? '', ML_MODEL, { port: running.port });
    }
    over = true;
    await Promise.all(callers);
    expect([...codes].filter((code) => !code.startsWith('TRANSPORT_CLOSED_'))).toEqual([]);
    expect(running.alive()).toBe(true);
  });

  test('retry idempotent: a model killed under load loses nothing', async () => {
    let running = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(running.target, { retryMs: 60_000, retry: 'idempotent' });
    let over = false;
    let answered = 0;
    const caller = async (x: number): Promise<void> => {
      for (; !over; answered++) expect((await model.call(picture(x))).get(0, 0)).toBe(x);
    };
    const callers = Array.from({ length: 4 }, (_, i) => caller(10 * i));
    for (let life = 0; life < 3; life++) {
      // Each caller gets an answer between two kills, so no message is lost twice.
      const before = answered;
      await expect.poll(() => answered).toBeGreaterThanOrEqual(before + 20);
      await running.kill();
      running = await startPeer(python ?? '', ML_MODEL, { port: running.port });
    }
    over = true;
    await Promise.all(callers);
    expect(model.stats.failures).toEqual({});
  });

  test('a silent model is wedged: waiting and new calls fail, and its first activity opens it again', async () => {
    const running = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(running.target, { wedgedMs: 1000 });
    await model.call(picture(10));
    running.child.kill('SIGSTOP');
    const calls = [model.call(picture(1)), model.call(picture(2))].map((call) => call.catch((error: unknown) => error));
    const [begun, waiting] = await Promise.all(calls);
    expect(begun).toMatchObject({ code: 'BRIDGE_WEDGED', fault: 'peer', detail: { begun: true } });
    expect(waiting).toMatchObject({ code: 'BRIDGE_WEDGED', detail: { begun: false } });
    expect(isBridgeError(await model.call(picture(3)).catch((error: unknown) => error), 'BRIDGE_WEDGED')).toBe(true);
    expect(model.stats).toMatchObject({ inFlight: 1, queued: 0, failures: { BRIDGE_WEDGED: 3 } });
    running.child.kill('SIGCONT');
    await expect.poll(() => model.stats.inFlight).toBe(0);
    expect((await model.call(picture(40))).get(0, 0)).toBe(40);
    expect(running.alive()).toBe(true);
  });

  test('more callers than may wait', async () => {
    const running = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(running.target, { queueLimit: 3 });
    await model.call(picture(10));
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, (_, i) => model.call(picture(i))));
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    expect(outcomes[5]).toMatchObject({
      reason: { code: 'BRIDGE_QUEUE_FULL', fault: 'caller', detail: { queueLimit: 3 } },
    });
  });

  test('two in flight: replies go to their own callers, and the model lives', async () => {
    const running = await startPeer(python ?? '', ML_MODEL);
    await using model = connect(running.target, { inFlight: 2 });
    const xs = Array.from({ length: 60 }, (_, i) => 2 * i);
    const replies = await Promise.all(xs.map((x) => model.call(picture(x))));
    expect(replies.map((boxes) => boxes.get(0, 0))).toEqual(xs);
    expect(running.alive()).toBe(true);
  });
});
