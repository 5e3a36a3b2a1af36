// Models are real Python programs that run as plain processes: they are started, called and stopped.
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { launch } from '../../src/launch/index.ts';
import { launchesFolder } from '../../src/launch/leftovers/folder.ts';
import { newLaunchName } from '../../src/launch/leftovers/launch-name.ts';
import { ReplicaLog } from '../../src/launch/log/log.ts';
import { processes } from '../../src/launch/process/process-runtime.ts';
import { RunningLaunch } from '../../src/launch/running-launch.ts';
import { checkSpec } from '../../src/launch/spec/check-spec.ts';
import type { Model } from '../../src/model/model.ts';
import { ML_MODEL, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';
import { folders, MODELS, noting, pidOf, processesWithWord, runs, says, start } from './launching.ts';
import { asOther, isRoot, outputOf } from './other-user.ts';

const INDEX = fileURLToPath(new URL('../../src/launch/index.ts', import.meta.url));
const NO_TIMEOUT_MS = 1_000_000;

for (const [label, found] of pythons) {
  const python = found ?? '';

  describe.skipIf(!found)(`launch on ${label}`, () => {
    test.each([
      ['by the lane', undefined],
      ['by its port', false],
    ] as const)('the model of the examples, %s', async (_, lane) => {
      const port = await freePort();
      await using launched = await launch({
        command: [python, ML_MODEL],
        port,
        env: { HOST: 'localhost', PORT: String(port) },
        ...(lane !== undefined && { lane }),
      });
      await using model = launched.connect();
      const picture = ndarray(new Uint8Array(240 * 320 * 3), [240, 320, 3]);
      for (let row = 50; row < 90; row++) picture.data.fill(220, (row * 320 + 100) * 3, (row * 320 + 130) * 3);
      const boxes = await model.call(picture, { dtype: 'float32' });
      expect([...boxes.data].slice(0, 4)).toEqual([100, 50, 30, 40]);
      expect(launched.stats.replicas).toMatchObject([
        { state: { phase: 'up', by: lane === false ? 'port' : 'lane' }, answered: 1 },
      ]);
      expect(
        launched.logs
          .tail()
          .map(({ text }) => text)
          .join('\n'),
      ).toMatch(lane === false ? /messages go to tcp:/ : /by a lane/);
    });
  });
}

const python = pythons[0]?.[1] ?? '';

describe.skipIf(python === '')('a start', () => {
  test.each([true, false])('that ends at once is told with its code and last words; lane: %s', async (lane) => {
    const error = await failure(start(python, 'exits', { lane, readyTimeoutMs: NO_TIMEOUT_MS }));
    expect(error).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      fault: 'peer',
      detail: { fault: { kind: 'died', ending: { how: 'exited', code: 1 } } },
    });
    expect(error.message).toContain(
      'exited with code 1 before it was ready; its last words: RuntimeError: no such weights',
    );
    expect(error.detail['lastWords']).toContain('loading');
  });

  test.each([
    [
      'by its path',
      '/no/such/program',
      /program cannot be started: spawn .* ENOENT: there is no such file, or the interp/,
    ],
    [
      'by its name',
      'pyhton3',
      /pyhton3 cannot be started: spawn .* ENOENT: no folder of PATH has a program of that name, or the interpreter that its first line names is not there$/,
    ],
    ['and is a folder', '/tmp', /tmp cannot be started: spawn .* EACCES: this user may not run it as a program$/],
  ])('of a program that is not there, %s', async (_, program, message) => {
    const error = await failure(launch({ command: [program], port: await freePort() }));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller', message: expect.stringMatching(message) });
  });

  test.each([
    ['in a folder that is not there', { cwd: '/no/such/folder' }, /cannot be started: there is no folder \/no\/such/],
    ['with what no program can be given', { command: [python, 'a\0b'] }, /cannot be started: .*null bytes/],
    ['with more than a program can be given', { command: [python, 'a'.repeat(2 ** 23)] }, /cannot be started: .*E2BIG/],
  ])('%s', async (_, options, message) => {
    const error = await failure(start(python, 'echo', options));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller', message: expect.stringMatching(message) });
  });

  test.each([true, false])('of a script whose interpreter is not there; by its path: %s', async (byPath) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'script'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const command = [byPath ? join(folder, 'script') : 'script'];
    const error = await failure(launch({ command, port: await freePort(), env: { PATH: folder } }));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller' });
    expect(error.message).toMatch(/ENOENT: .*, or the interpreter that its first line names is not there$/);
  });

  test.skipIf(!isRoot).each(['', '/in'])('in a folder that this user may not enter%s', async (inside) => {
    const closed = temporaryFolder();
    const cwd = `${closed}${inside}`;
    mkdirSync(cwd, { recursive: true });
    const script = `import { launch } from ${JSON.stringify(INDEX)};
      const error = await launch({ command: ['true'], port: ${await freePort()}, cwd: ${JSON.stringify(cwd)} }).catch((reason) => reason);
      console.log(JSON.stringify([error.code, error.fault, error.message]));`;
    const args = ['--conditions=@bridge/source', '--input-type=module', '--eval', script];
    expect(JSON.parse(await outputOf(asOther([process.execPath, ...args])))).toEqual([
      'BRIDGE_LAUNCH',
      'caller',
      expect.stringMatching(`true cannot be started: this user may not enter the folder ${cwd}$`),
    ]);
  });

  test('that leaves no record, since there is no room for it, is one all the same', async () => {
    const runtime = processes();
    const log = new ReplicaLog(0, 1000);
    const port = await freePort();
    const [plan] = checkSpec({ command: [python, MODELS, 'echo', String(port)], port }).plans('nowhere', 1, {
      kind: 'command',
      command: [python, MODELS, 'echo', String(port)],
      cwd: undefined,
    });
    const instance = await runtime.start(
      { ...(plan ?? expect.fail()), lane: undefined },
      log,
      new AbortController().signal,
    );
    expect(log.tail(1)[0]?.text).toMatch(/the file that records process \d+ cannot be written: ENOENT/);
    await runtime[Symbol.asyncDispose]();
    expect(runs(instance.pid ?? 0)).toBe(false);
  });

  test('that never listens', async () => {
    await using runtime = noting();
    const error = await failure(start(python, 'never', { readyTimeoutMs: 3000, runtime }));
    expect(error).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      detail: { fault: { kind: 'not ready' }, lastWords: ['loading'] },
    });
    expect(runtime.pids.map(runs)).toEqual([false]);
    expect(folders()).not.toContain(runtime.launches[0]);
  });

  test('of several, of which one fails: the others are not waited for', async () => {
    const ports = [await freePort(), await freePort()];
    await using runtime = noting();
    const launching = launch({
      command: (i) => [python, MODELS, i === 0 ? 'never' : 'exits', String(ports[i])],
      port: (i) => ports[i] ?? 0,
      replicas: 2,
      readyTimeoutMs: NO_TIMEOUT_MS,
      runtime,
    });
    expect(await failure(launching)).toMatchObject({ detail: { fault: { kind: 'died', ending: { code: 1 } } } });
    expect(runtime.pids).toHaveLength(2);
    expect(runtime.pids.some(runs)).toBe(false);
    expect(folders()).not.toContain(runtime.launches[0]);
  });

  test('that is given up', async () => {
    const reason = new Error('enough');
    await using runtime = noting();
    const signal = AbortSignal.timeout(300);
    expect(await failure(start(python, 'never', { signal, runtime }))).toBe(signal.reason);
    expect(runtime.pids.map(runs)).toEqual([false]);
    const controller = new AbortController();
    const starting = start(python, 'never', { signal: controller.signal, runtime });
    controller.abort(reason);
    expect(await starting.catch((error: unknown) => error)).toBe(reason);
    expect(runtime.pids.some(runs)).toBe(false);
  });

  test.each(['late', 'late_to_accept'])('that takes its time: %s', async (server) => {
    const { launched } = await start(python, server);
    await using model = launched.connect();
    expect((await model.call([1, 2])).shape).toEqual([2]);
  });

  test('on a port that is taken is refused, and the stranger is left alone', async () => {
    const stranger = await startPeer(python, ML_MODEL);
    const error = await failure(start(python, 'echo', { at: stranger.port }));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'environment' });
    expect(error.message).toContain(`port ${stranger.port} is taken: process ${stranger.child.pid} (python`);
    expect(stranger.alive()).toBe(true);
  });

  test('on a port that another launch of this program has, or takes at the same time', async () => {
    const at = await freePort();
    const both = await Promise.allSettled([start(python, 'echo', { at }), start(python, 'echo', { at })]);
    const [won] = both.flatMap((each) => (each.status === 'fulfilled' ? [each.value.launched] : []));
    const [lost] = both.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    const pid = won ? pidOf(won) : expect.fail('neither of them started');
    const taken = `port ${at} is taken: process ${pid} (python`;
    expect(lost).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      fault: 'caller',
      detail: { fault: { kind: 'died', ending: { how: 'exited', code: 1 } } },
      cause: { code: 'BRIDGE_LAUNCH', detail: { port: at, owner: { pid } } },
    });
    expect(lost.message).toContain(`exited with code 1 before it was ready; ${taken}`);
    const late = await failure(start(python, 'echo', { at }));
    expect(late).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller' });
    expect(late.message).toContain(taken);
    expect(late.message).toContain('), which this program has launched, listens on 127.0.0.1');
  });

  test('on a port that a stranger takes in the meantime, and that of one that never listens', async () => {
    const at = await freePort();
    await using runtime = noting();
    const starting = failure(start(python, 'never', { at, readyTimeoutMs: 1000, runtime }));
    await expect.poll(() => runtime.pids).toHaveLength(1);
    const stranger = createServer().listen(at, '127.0.0.1');
    onTestFinished(() => void stranger.close());
    expect(await starting).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      fault: 'environment',
      message: expect.stringContaining(`port ${at} is taken: process ${process.pid} (`),
      detail: { fault: { kind: 'not ready' } },
    });
  });

  test.each([true, false])('that does not answer its first message, and lives; lane: %s', async (lane) => {
    const error = await failure(start(python, 'mute', { lane, warmUp: [1] }));
    expect(error).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      cause: { code: 'TRANSPORT_CLOSED_BEFORE_REPLY' },
      message: expect.stringMatching(/could not be started: .*nothing to say to \d+ bytes$/),
      detail: { fault: { kind: 'not started', code: 'TRANSPORT_CLOSED_BEFORE_REPLY' } },
    });
  });

  test('with a first message that it has to answer', async () => {
    const { launched } = await start(python, 'echo', { warmUp: [1, 2, 3] });
    expect(launched.stats.replicas).toMatchObject([{ answered: 0, state: { phase: 'up' } }]);
    const error = await failure(start(python, 'echo', { warmUp: says('raise'), readyTimeoutMs: NO_TIMEOUT_MS }));
    expect(error).toMatchObject({ code: 'BRIDGE_LAUNCH', detail: { fault: { kind: 'died', ending: { code: 1 } } } });
    expect(error.message).toMatch(/exited with code 1 before it had answered `warmUp`; .*ValueError: cannot take that/);
  });

  test.each([
    [{ mounts: [{ source: '/a', target: '/b' }] }, 'mounts'],
    [{ memory: '512m' }, 'memory'],
    [{ gpus: 'all' as const }, 'gpus'],
  ])('refuses what a plain process cannot have: %o', async (options, name) => {
    expect(await failure(start(python, 'echo', options))).toMatchObject({
      code: 'BRIDGE_OPTION',
      detail: { names: [name] },
    });
  });
});

describe.skipIf(python === '')('the lane', () => {
  test.each([
    ['with_asyncio', 'its socket does not wait'],
    ['threading_tcp_server', 'it asks for its file descriptor'],
    ['forks_first', 'it listens in a process that it has forked'],
  ])('is declined by %s, and its port is called', async (server, reason) => {
    const { launched } = await start(python, server);
    await using model = launched.connect();
    expect((await model.call([1, 2])).shape).toEqual([2]);
    expect(launched.stats.replicas).toMatchObject([{ state: { by: 'port' } }]);
    const notes = launched.logs.tail().map(({ text }) => text);
    expect(notes).toContain(`no lane: ${reason}`);
    expect(notes).toContainEqual(
      expect.stringMatching(/^this means: .*\. Nothing has to be done about it: messages go by its port/),
    );
  });

  test('is declined in the middle: every call is answered', async () => {
    const { launched } = await start(python, 'declines_later');
    await using model = launched.connect();
    const calls = Array.from({ length: 12 }, (_, i) => model.call([i, i + 1], { dtype: 'float64' }));
    const replies = await Promise.all(calls);
    expect(replies.map((reply) => reply.get(0))).toEqual(calls.map((_, i) => i));
    expect(launched.stats.replicas).toMatchObject([{ state: { by: 'port' }, restarts: 0 }]);
  });

  test('has no place: its port is called, and the log says why', async () => {
    const port = await freePort();
    const spec = checkSpec({ command: [python, MODELS, 'echo', String(port)], port });
    await using runtime = processes();
    const { program } = spec;
    const folder = join(launchesFolder(), 'a'.repeat(80));
    const log = new ReplicaLog(0, 10_000);
    const parts = { launch: newLaunchName(), folder, spec, runtime, ownsRuntime: false, program, log };
    await using launched = new RunningLaunch(parts);
    await launched.start();
    await using model: Model = launched.connect();
    expect((await model.call([1])).shape).toEqual([1]);
    expect(launched.stats.replicas).toMatchObject([{ state: { by: 'port' } }]);
    const notes = launched.logs.tail().filter(({ text }) => text.startsWith('no lane'));
    expect(notes.map(({ text }) => text)).toEqual([
      `no lane: the lane's files in ${folder}/0 would have paths of ${folder.length + 22} bytes, and a socket's path has at most 103`,
    ]);
  });

  test('is not there for what is no Python', async () => {
    const port = await freePort();
    // With -I Python ignores PYTHONPATH, by which the shim is loaded.
    await using launched = await launch({ command: [python, '-I', MODELS, 'echo', String(port)], port });
    expect(launched.logs.tail().map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^no lane: no shim was loaded/),
    );
    await using model = launched.connect();
    expect((await model.call([1])).shape).toEqual([1]);
  });

  test('is used by several models of one launch', async () => {
    const { launched } = await start(python, 'echo');
    await using one = launched.connect();
    await using other = launched.connect({ inFlight: 2 });
    const calls = Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).call([i], { dtype: 'float64' }));
    expect((await Promise.all(calls)).map((reply) => reply.get(0))).toEqual(calls.map((_, i) => i));
  });
});

describe.skipIf(python === '')('an end', () => {
  test('leaves nothing: 20 starts and ends', async () => {
    await using runtime = noting();
    const descriptors = process.getActiveResourcesInfo().length;
    for (let i = 0; i < 20; i++) {
      const { launched } = await start(python, 'echo', { lane: i % 2 === 0, runtime });
      await using model = launched.connect();
      expect((await model.call([i])).get(0)).toBe(i);
      const pid = pidOf(launched);
      await launched.stop();
      expect(runs(pid)).toBe(false);
      expect(await failure(model.call([i]))).toMatchObject({ code: 'BRIDGE_CLOSED' });
    }
    expect(new Set(runtime.launches).size).toBe(20);
    expect(folders().filter((folder) => runtime.launches.includes(folder))).toEqual([]);
    expect(runtime.pids.some(runs)).toBe(false);
    expect(process.getActiveResourcesInfo().length).toBeLessThan(descriptors + 5);
  });

  test('of one that ignores SIGTERM', async () => {
    const { launched } = await start(python, 'stubborn', { graceMs: 200 });
    const pid = pidOf(launched);
    await launched.stop();
    expect(runs(pid)).toBe(false);
  });

  test.each([Number.POSITIVE_INFINITY, 2 ** 40])('of one that needs a moment, and has %d ms', async (graceMs) => {
    const { launched } = await start(python, 'tidy', { graceMs, readyTimeoutMs: graceMs });
    await launched.stop();
    expect(launched.logs.tail().map(({ text }) => text)).toContain('tidied');
  });

  test('of one with children, also of those that left its session', async () => {
    const port = await freePort();
    const { launched } = await start(python, 'with_children', { at: port });
    expect(processesWithWord(`1000.${port}`)).toHaveLength(2);
    await launched.stop();
    expect(processesWithWord(`1000.${port}`)).toEqual([]);
  });

  test('rejects the calls that wait, and twice is harmless', async () => {
    const { launched } = await start(python, 'echo');
    await using model = launched.connect();
    const calls = [model.call(says('slow')), model.call([1]), model.call([2])].map(failure);
    await expect.poll(() => model.stats.inFlight).toBe(1);
    await Promise.all([launched.stop({ drainMs: 0 }), launched.stop()]);
    await expect(launched.stop({ drainMs: -1 })).rejects.toMatchObject({ code: 'BRIDGE_OPTION' });
    const [first, ...others] = await Promise.all(calls);
    expect(first).toMatchObject({ code: 'BRIDGE_CLOSED', detail: { begun: true } });
    for (const other of others) expect(other).toMatchObject({ code: 'BRIDGE_CLOSED', detail: { begun: false } });
    expect(() => launched.connect()).toThrow(expect.objectContaining({ code: 'BRIDGE_CLOSED' }));
    await expect(launched.restart()).rejects.toMatchObject({ code: 'BRIDGE_CLOSED' });
  });
});
