// A running model has faults: their effects on the model and on its callers.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { unhandledRejections } from '../../../transport/test/support/unhandled-rejections.ts';
import type { Instance, Launched, Runtime } from '../../src/launch/index.ts';
import { launchesFolder } from '../../src/launch/leftovers/folder.ts';
import { processes } from '../../src/launch/process/process-runtime.ts';
import type { Model } from '../../src/model/model.ts';
import { pythons } from '../pythons.ts';
import { folders, noting, pidOf, runs, says, start } from './launching.ts';

const python = pythons[0]?.[1] ?? '';

const phase = (launched: Launched, replica = 0) => launched.stats.replicas[replica]?.state.phase;

/** Starts callers that call without a pause. stop() resolves with the number of answered calls. */
function callers(model: Model, count: number): { stop(): Promise<number> } {
  let over = false;
  let answered = 0;
  const run = async (first: number): Promise<void> => {
    for (let i = first; !over; i++, answered++) expect((await model.call([i], { dtype: 'float64' })).get(0)).toBe(i);
  };
  const all = Promise.all(Array.from({ length: count }, (_, i) => run(1000 * i)));
  all.catch(() => {});
  return {
    async stop() {
      over = true;
      await all;
      return answered;
    },
  };
}

describe.skipIf(python === '').each([
  ['by the lane', true],
  ['by its port', false],
] as const)('a model that is called %s', (_, lane) => {
  test('dies of a frame: its caller gets its last words, the others an answer from the next', async () => {
    const { launched, events } = await start(python, 'echo', { lane });
    await using model = launched.connect();
    const calls = [[1], says('raise'), [2], [3]].map((input) => model.call(input));
    const fatal = await failure(calls[1] as Promise<unknown>);
    expect(fatal).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer' });
    expect(fatal.message).toMatch(/\(process \d+\) exited with code 1; its last words: ValueError: cannot take that$/);
    expect(fatal.detail['ending']).toEqual({ how: 'exited', code: 1 });
    expect(fatal.detail['lastWords']).toContain('ValueError: cannot take that');
    if (lane) expect(fatal.detail['traceback']).toContain('ValueError: cannot take that');
    const others = [0, 2, 3].map(async (i) => (await calls[i])?.get(0));
    expect(await Promise.all(others)).toEqual([1, 2, 3]);
    expect(launched.stats.replicas).toMatchObject([{ restarts: 1, faults: { died: 1 }, state: { phase: 'up' } }]);
    expect(events.map(({ type }) => type)).toEqual(['ready', 'fault', 'ready', 'restarted']);
  });

  test('leaves on its own, over and over: each time it is back, since it answers in between', async () => {
    const { launched } = await start(python, 'echo', { lane, maxRestarts: 1 });
    await using model = launched.connect();
    for (let i = 0; i < 4; i++) {
      expect(await failure(model.call(says('exit')))).toMatchObject({ detail: { ending: { code: 3 } } });
      expect((await model.call([i])).get(0)).toBe(i);
    }
    expect(launched.stats.replicas).toMatchObject([{ restarts: 4 }]);
  });

  test.each([
    ['spin', 'spin'],
    ['sleep', 'silence'],
  ] as const)(
    'does not come back from a frame (%s): the call fails, and the model is restarted',
    async (word, kind) => {
      const { launched, events } = await start(python, 'echo', { lane });
      await using model = launched.connect({ wedgedMs: 1500 });
      const [lost, waiting] = [failure(model.call(says(word))), model.call([5])];
      expect(await lost).toMatchObject({
        code: 'BRIDGE_WEDGED',
        detail: { begun: true, lastWords: expect.arrayContaining(['waiting']) },
      });
      expect((await waiting).get(0)).toBe(5);
      expect(events.find(({ type }) => type === 'fault')).toMatchObject({ fault: { kind } });
      expect(launched.stats.replicas).toMatchObject([{ faults: { [kind]: 1 }, restarts: 1 }]);
    },
  );

  test('is killed from outside while no call is made', async () => {
    const { launched } = await start(python, 'echo', { lane });
    await using model = launched.connect();
    const pid = pidOf(launched);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => launched.stats.replicas[0]?.restarts).toBe(1);
    expect(pidOf(launched)).not.toBe(pid);
    expect((await model.call([1])).get(0)).toBe(1);
  });

  test('is restarted while four callers run: no call is lost', async () => {
    const { launched } = await start(python, 'echo', { lane });
    await using model = launched.connect({ inFlight: 2 });
    const calling = callers(model, 4);
    for (let i = 0; i < 3; i++) {
      await expect.poll(() => model.stats.answered).toBeGreaterThan(20 * (i + 1));
      const pid = pidOf(launched);
      await launched.restart();
      expect(pidOf(launched)).not.toBe(pid);
    }
    const answered = await calling.stop();
    expect(model.stats).toMatchObject({ failures: {}, answered });
    expect(launched.stats.replicas).toMatchObject([{ restarts: 3, faults: {}, outageMs: expect.any(Number) }]);
  });

  test('does not start again: it is given up, with its last words', async () => {
    const folder = temporaryFolder();
    const { launched, events } = await start(python, 'once', { lane, maxRestarts: 2, args: [join(folder, 'started')] });
    await using model = launched.connect();
    await failure(model.call(says('exit')));
    const waiting = failure(model.call([1]));
    expect(await waiting).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      detail: { starts: 2, fault: { kind: 'died', ending: { code: 7 } } },
    });
    expect((await waiting).message).toContain('its last words: the second time is too much');
    expect(await failure(model.call([2]))).toMatchObject({ code: 'BRIDGE_LAUNCH' });
    expect(phase(launched)).toBe('failed');
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'BRIDGE_LAUNCH' } });
    const late = launched.connect();
    expect(await failure(late.call([3]))).toMatchObject({ code: 'BRIDGE_LAUNCH' });
  });

  test('floods its output: it serves all the same, and the log is bounded', async () => {
    const { launched, events } = await start(python, 'flood', { lane, logBytes: 100_000 });
    await using model = launched.connect();
    for (let i = 0; i < 50; i++) expect((await model.call([i])).get(0)).toBe(i);
    await expect.poll(() => events.map(({ type }) => type)).toContain('log flood');
    const [replica] = launched.stats.replicas;
    expect(replica?.log.writtenBytes).toBeGreaterThan(1_000_000);
    expect((replica?.log.writtenBytes ?? 0) - (replica?.log.droppedBytes ?? 0)).toBeLessThan(200_000);
    expect(replica?.state.phase).toBe('up');
    expect(launched.logs.tail(1)).toHaveLength(1);
  });
});

describe.skipIf(python === '')('without a message', () => {
  test('a model that keeps a processor busy is restarted', async () => {
    const { launched, events } = await start(python, 'spins_alone', { spinMs: 1500 });
    await expect.poll(() => events.map(({ type }) => type)).toContain('restarted');
    expect(events.find(({ type }) => type === 'fault')).toMatchObject({ fault: { kind: 'spin', withMessage: false } });
    expect(launched.stats.replicas[0]?.usage?.memoryBytes).toBeGreaterThan(1_000_000);
  });

  test('a model that only writes to its log is restarted', async () => {
    const { launched, events } = await start(python, 'floods_idly', { spinMs: 1500 });
    await expect.poll(() => events.map(({ type }) => type)).toContain('restarted');
    const fault = { kind: 'flood', bytesPerSecond: expect.any(Number) };
    expect(events.find(({ type }) => type === 'fault')).toMatchObject({ fault });
    expect(launched.stats.replicas[0]?.faults).toMatchObject({ flood: expect.any(Number) });
  });

  test('a model that ends again while its route is looked for is started once more', async () => {
    const runtime = processes();
    let starts = 0;
    const doomed: Runtime = {
      name: runtime.name,
      prepare: (...args) => runtime.prepare(...args),
      sweep: () => runtime.sweep(),
      async start(...args) {
        const instance = await runtime.start(...args);
        if (++starts !== 2) return instance;
        const route: Instance['route'] = async (...how) => {
          process.kill(instance.pid ?? 0, 'SIGKILL');
          await instance.ended;
          return instance.route(...how);
        };
        return {
          name: instance.name,
          pid: instance.pid,
          ended: instance.ended,
          listening: () => instance.listening(),
          usage: () => instance.usage(),
          stop: (how) => instance.stop(how),
          route,
        };
      },
      [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
    };
    const { launched } = await start(python, 'echo', { lane: false, runtime: doomed });
    await using model = launched.connect();
    await launched.restart();
    expect((await model.call([7])).get(0)).toBe(7);
    expect(launched.stats.replicas[0]?.faults).toEqual({ died: 1 });
    expect(starts).toBe(3);
  });

  test.each(['never', 'fails'])(
    'a runtime whose way to the port %s: the start ends in time, and so does the model',
    async (way) => {
      const runtime = processes();
      const pids: (number | undefined)[] = [];
      const odd = async (): Promise<never> => {
        if (way === 'fails') throw new Error('no way');
        return await new Promise<never>(() => {});
      };
      const pathless: Runtime = {
        name: runtime.name,
        prepare: (...args) => runtime.prepare(...args),
        sweep: () => runtime.sweep(),
        async start(...args) {
          const instance = await runtime.start(...args);
          const { name, pid, ended } = instance;
          pids.push(pid);
          return {
            name,
            pid,
            ended,
            listening: () => instance.listening(),
            usage: () => instance.usage(),
            stop: (how) => instance.stop(how),
            route: odd,
            listensElsewhere: odd,
            portTaken: odd,
          };
        },
        [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
      };
      await expect(
        start(python, 'echo', { lane: false, runtime: pathless, readyTimeoutMs: 1000 }),
      ).rejects.toMatchObject({
        code: 'BRIDGE_LAUNCH',
      });
      expect(pids.map((pid) => runs(pid ?? 0))).toEqual(pids.map(() => false));
    },
  );

  test('a model whose port a stranger has by then waits for it: no start is counted, and no call is lost', async () => {
    const at = await freePort();
    const stranger = createServer();
    onTestFinished(() => void stranger.close());
    const runtime = processes();
    let starts = 0;
    const late: Runtime = {
      name: runtime.name,
      prepare: (...args) => runtime.prepare(...args),
      sweep: () => runtime.sweep(),
      async start(...args) {
        if (++starts === 2) await once(stranger.listen(at, '127.0.0.1'), 'listening');
        return runtime.start(...args);
      },
      [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
    };
    const { launched, events } = await start(python, 'echo', { at, maxRestarts: 1, runtime: late });
    await using model = launched.connect();
    await failure(model.call(says('exit')));
    const waiting = model.call([1]);
    await expect.poll(() => starts).toBeGreaterThan(4);
    expect(events.filter(({ type }) => type === 'waiting')).toEqual([
      { type: 'waiting', replica: 0, reason: expect.stringContaining(`port ${at} is taken: process ${process.pid} (`) },
    ]);
    stranger.close();
    expect((await waiting).get(0)).toBe(1);
    expect(launched.stats.replicas).toMatchObject([{ faults: { died: 1 }, restarts: 1, state: { phase: 'up' } }]);
  });

  test('a model whose folder was removed is restarted, with a lane', async () => {
    await using runtime = noting();
    const { launched } = await start(python, 'echo', { runtime });
    await using model = launched.connect();
    rmSync(join(launchesFolder(), runtime.launches[0] ?? ''), { recursive: true });
    expect((await model.call([1])).get(0)).toBe(1);
    await launched.restart();
    expect((await model.call([2])).get(0)).toBe(2);
    expect(launched.stats.replicas).toMatchObject([{ state: { phase: 'up', by: 'lane' }, faults: {} }]);
    await launched.stop();
    expect(folders()).not.toContain(runtime.launches[0]);
  });

  test.each([
    ['hangs_at_exit', 'exit'],
    ['left_by_a_thread', 'raise'],
  ])('a model that says that it ends, and does not (%s), is restarted', async (server, word) => {
    const { launched, events } = await start(python, server);
    await using model = launched.connect();
    const lost = failure(model.call(says(word)));
    expect((await model.call([1])).get(0)).toBe(1);
    expect((await lost).message).toMatch(/\(process \d+\) has not ended yet$/);
    expect(events.find(({ type }) => type === 'fault')).toMatchObject({
      fault: { kind: 'not ended', withinMs: 2000 },
    });
    expect(launched.stats.replicas).toMatchObject([{ faults: { 'not ended': 1 }, restarts: 1 }]);
    expect(launched.logs.tail(50).map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^process \d+ announced its end, and had not ended 2 s later; it restarts in 0 ms$/),
    );
  });

  test('a model that ends slowly has time to end', async () => {
    const { launched, events } = await start(python, 'hangs_at_exit', { graceMs: 60_000, args: ['3'] });
    await using model = launched.connect();
    await failure(model.call(says('exit')));
    expect((await model.call([1])).get(0)).toBe(1);
    expect(events.find(({ type }) => type === 'fault')).toMatchObject({
      fault: { kind: 'died', ending: { how: 'exited', code: 3 } },
    });
  });

  test.each([
    ['rejects', (reason: Error) => () => Promise.reject(reason)],
    [
      'throws',
      (reason: Error) => () => {
        throw reason;
      },
    ],
  ])('an onEvent that %s does the launch no harm', async (_, failing) => {
    const thrown = unhandledRejections();
    const reason = new Error('cannot be told');
    const { launched } = await start(python, 'echo', { onEvent: failing(reason) });
    await using model = launched.connect();
    await failure(model.call(says('exit')));
    expect((await model.call([1])).get(0)).toBe(1);
    const told = ['ready', 'fault', 'ready', 'restarted'];
    await expect.poll(() => thrown).toEqual(told.map(() => reason));
  });

  test('a model that stops listening is restarted', async () => {
    const { launched, events } = await start(python, 'turns_deaf', { lane: false });
    await using model = launched.connect();
    expect((await model.call([1])).get(0)).toBe(1);
    expect((await model.call([2])).get(0)).toBe(2);
    expect(events.find(({ type }) => type === 'fault')).toMatchObject({ fault: { kind: 'deaf' } });
  });
});

describe.skipIf(python === '')('replicas', () => {
  test('need ports of their own, as plain processes', async () => {
    const error = await failure(start(python, 'echo', { replicas: 2, port: 6000 }));
    expect(error).toMatchObject({ code: 'BRIDGE_OPTION', detail: { name: 'port', value: 6000 } });
  });

  test('scaled up, down and restarted one after the other while callers run: no call is lost', async () => {
    const { launched } = await start(python, 'echo', { replicas: 2 });
    await using model = launched.connect();
    const calling = callers(model, 4);
    const some = () => expect.poll(() => model.stats.answered).toBeGreaterThan(model.stats.answered + 20);
    await some();
    await launched.scale(4);
    expect(model.stats.replicas).toHaveLength(4);
    await expect.poll(() => model.stats.replicas.every(({ answered }) => answered > 0)).toBe(true);
    const gone = [2, 3].map((replica) => pidOf(launched, replica));
    await launched.scale(2);
    expect(
      gone.map((pid) => launched.stats.replicas.some(({ state }) => state.phase === 'up' && state.pid === pid)),
    ).toEqual([false, false]);
    const before = [0, 1].map((replica) => pidOf(launched, replica));
    await some();
    await launched.restart();
    expect([0, 1].map((replica) => pidOf(launched, replica)).some((pid) => before.includes(pid))).toBe(false);
    await some();
    await launched.scale(1);
    await some();
    const answered = await calling.stop();
    expect(model.stats).toMatchObject({ failures: {}, answered });
    expect(model.stats.replicas).toHaveLength(1);
  });

  test('a stop does not wait for the messages of replicas that are leaving', async () => {
    const { launched } = await start(python, 'echo', { replicas: 2 });
    await using model = launched.connect();
    const pids = [pidOf(launched, 0), pidOf(launched, 1)];
    const calls = pids.map(() => failure(model.call(says('sleep'))));
    await expect.poll(() => model.stats.inFlight).toBe(2);
    const scaling = launched.scale(1);
    await expect.poll(() => launched.stats.replicas).toHaveLength(1);
    await launched.stop();
    await scaling;
    const told = { code: 'BRIDGE_CLOSED', detail: { begun: true } };
    expect(await Promise.all(calls)).toMatchObject([told, told]);
    expect(pids.some(runs)).toBe(false);
  });

  test('one dies: the others go on', async () => {
    const { launched } = await start(python, 'echo', { replicas: 2 });
    await using model = launched.connect();
    const calling = callers(model, 2);
    const [first] = [pidOf(launched)];
    const fatal = failure(model.call(says('raise')));
    expect(await fatal).toMatchObject({ detail: { ending: { code: 1 } } });
    await expect.poll(() => launched.stats.replicas.reduce((sum, { restarts }) => sum + restarts, 0)).toBe(1);
    expect(first).toBeGreaterThan(0);
    await calling.stop();
    expect(Object.keys(model.stats.failures)).toEqual(['TRANSPORT_CLOSED_BEFORE_REPLY']);
  });
});

describe.skipIf(python === '')('the log', () => {
  test('is read while it is written, to its end', async () => {
    const { launched } = await start(python, 'echo');
    await using model = launched.connect();
    const lines: string[] = [];
    const reading = (async () => {
      for await (const { source, text } of launched.logs) lines.push(`${source}: ${text}`);
    })();
    await model.call([1]);
    await expect.poll(() => lines.filter((line) => line === 'stdout: waiting')).toHaveLength(2);
    await launched.stop();
    await reading;
    expect(lines).toContainEqual(expect.stringMatching(/^launch: process \d+ is ready/));
  });

  test('is that of replicas, too, that join while it is read', async () => {
    const { launched } = await start(python, 'echo');
    const ready = new Set<number>();
    const reading = (async () => {
      for await (const { replica, text } of launched.logs) if (text.includes('is ready')) ready.add(replica);
    })();
    await launched.scale(2);
    await launched.stop();
    await reading;
    expect([...ready]).toEqual([0, 1]);
  });

  test('has the last lines, as many as were asked for', async () => {
    const { launched } = await start(python, 'echo');
    expect(launched.logs.tail(0)).toEqual([]);
    expect(launched.logs.tail(1)).toHaveLength(1);
    for (const lines of [-1, 1.5, Number.NaN])
      expect(() => launched.logs.tail(lines)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
  });
});
