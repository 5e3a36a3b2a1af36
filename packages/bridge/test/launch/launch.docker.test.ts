// launch() with containers of a real engine, as a user calls it, for each kind of model.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { type Launched, type LaunchSpec, launch } from '../../src/launch/index.ts';
import { ML_MODEL } from '../peers/python-peer.ts';
import { census, docker, engineEnv, hasEngine, image, runtime } from './containers.ts';
import { engineProxy } from './engine-proxy.ts';

const DARK = array(new Uint8Array(48 * 64 * 3), { shape: [48, 64, 3] });
const SERVE = `
import socket, sys, time
sys.path.insert(0, '/model')
exec(compile(open('/model/ml_model.py').read(), '/model/ml_model.py', 'exec'))
`;

/** Launches ml_model.py in a container, or a few lines of Python. */
async function launched(spec: Partial<LaunchSpec> & { python?: string; bound?: string } = {}): Promise<Launched> {
  const { python, bound = 'localhost', ...more } = spec;
  const made = await launch({
    image,
    command: python === undefined ? ['python3', '/model/ml_model.py'] : ['python3', '-c', python],
    mounts: [{ source: ML_MODEL, target: '/model/ml_model.py' }],
    port: 6000,
    name: 'model',
    env: { HOST: bound },
    runtime: await runtime(),
    ...more,
  });
  onTestFinished(() => made.stop());
  return made;
}

const text = (from: Launched): string =>
  from.logs
    .tail(1000)
    .map((line) => line.text)
    .join('\n');

describe.skipIf(!hasEngine)('launch, in containers', () => {
  test.each([
    ['by its lane, whatever it is bound to', 'localhost', true, /by a lane/],
    [
      'through exec, where it is bound to localhost',
      'localhost',
      false,
      /a relay inside of the container, by docker exec/,
    ],
    ['at its own address', '0.0.0.0', false, /the container's own address/],
  ] as const)('calls the model %s', async (_, bound, lane, said) => {
    const made = await launched({ bound, lane });
    await using model = made.connect();
    for (let i = 0; i < 3; i++) expect((await model.call(DARK)).shape).toEqual([0, 6]);
    expect(text(made)).toMatch(said);
  });

  test.each(['Dockerfile', 'docker/Dockerfile'])(
    'builds the image first, by the %s of a folder',
    async (dockerfile) => {
      const context = temporaryFolder();
      mkdirSync(join(context, 'docker'));
      writeFileSync(
        join(context, dockerfile),
        'ARG BASE\nFROM $BASE\nCOPY . /sent/\nRUN test -e /sent/kept -a ! -e /sent/left-out\nENV HOST=0.0.0.0\nEXPOSE 6000\n',
      );
      // This file does not except the Dockerfile, which is sent all the same.
      writeFileSync(join(context, '.dockerignore'), '*\n!kept\n');
      for (const name of ['kept', 'left-out']) writeFileSync(join(context, name), name);
      const { command, ...spec } = { command: ['python3', '/model/ml_model.py'] };
      const docking = await runtime();
      const made = await launch({
        ...spec,
        build: { context, dockerfile, args: { BASE: image } },
        command,
        mounts: [{ source: ML_MODEL, target: '/model/ml_model.py' }],
        runtime: docking,
      });
      onTestFinished(() => made.stop());
      await using model = made.connect();
      expect((await model.call(DARK)).shape).toEqual([0, 6]);
      writeFileSync(join(context, dockerfile), `FROM ${image}\nRUN echo about to fail && exit 3\n`);
      const error = await failure(launch({ build: { context, dockerfile }, runtime: docking }));
      expect(error).toMatchObject({ detail: { reason: 'build', lines: expect.arrayContaining(['about to fail']) } });
      expect(error.message).toContain('returned a non-zero code: 3');
    },
  );

  test.each([
    [
      'a link to a file of its host',
      'os.symlink("/etc/passwd", note)',
      /no lane: the file that says why the model has no lane is a symbolic link/,
    ],
    ['a pipe', 'os.mkfifo(note)', /no lane: the file that says why the model has no lane is a pipe/],
    [
      'a device',
      'os.mknod(note, 0o644 | stat.S_IFCHR, os.makedev(1, 5))',
      /no lane: the file that says why the model has no lane is a device/,
    ],
    [
      'a file without an end',
      'open(note, "w").truncate(10**12)',
      /no lane: the file that says why the model has no lane has 10+ bytes/,
    ],
  ])('a model that leaves %s in place of a reason is called by its port', async (_, leave, said) => {
    const made = await launched({
      bound: '0.0.0.0',
      // The program bypasses the shim, which would remove the file at the note's path.
      python: `
import os, stat, socket, _socket
note = os.environ['NPBRIDGE_LANE'].split(':')[1] + '.declined'
${leave}
socket.socket.listen = lambda sock, *backlog: _socket.socket.listen(sock, *backlog)
${SERVE}`,
    });
    await using model = made.connect();
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
    expect(text(made)).toMatch(said);
    expect(text(made)).not.toContain('root:');
  });

  test('runs as the README shows it', async () => {
    const own = fileURLToPath(new URL('../../', import.meta.url));
    const [, example = ''] = /^```typescript\n(.*?)^```/ms.exec(readFileSync(join(own, 'README.md'), 'utf8')) ?? [];
    docker('build', '--quiet', '--tag', 'my-model', '--build-arg', `BASE_IMAGE=${image}`, dirname(ML_MODEL));
    const args = ['--conditions=@bridge/source', '--input-type=module', '--eval', example];
    const said = execFileSync(process.execPath, args, {
      cwd: own,
      env: { ...process.env, ...engineEnv },
      encoding: 'utf8',
    });
    expect(said).toMatch(/^\[ 0, 6 \] Docker \d+\.\S+ \[\n/);
  });

  test('tells of one that exits at once, by its code and its last words', async () => {
    const before = census();
    const error = await failure(launched({ python: 'raise SystemExit("no weights")' }));
    expect(error.detail['fault']).toEqual({ kind: 'died', ending: { how: 'exited', code: 1 } });
    expect(error.message).toContain('exited with code 1 before it was ready; its last words: no weights');
    expect(census()).toEqual(before);
  });

  test('tells of one that never listens', async () => {
    const error = await failure(launched({ python: 'import time; time.sleep(1000)', readyTimeoutMs: 1500 }));
    expect(error.detail['fault']).toMatchObject({ kind: 'not ready', withinMs: 1500 });
  });

  test('waits for one that listens late', async () => {
    const made = await launched({ python: `import time; time.sleep(1.5)\n${SERVE}` });
    await using model = made.connect();
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
  });

  test('tells of one that the kernel kills for its memory', async () => {
    const error = await failure(launched({ python: 'x = [bytearray(2**20) for _ in range(10**6)]', memory: '64m' }));
    expect(error.detail['fault']).toEqual({
      kind: 'died',
      ending: { how: 'out of memory', memoryBytes: 64 * 2 ** 20 },
    });
    expect(error.message).toContain('was killed by the kernel, because its memory had run out');
  });

  test('restarts a model that died, while calls wait; and gives up on one that never comes back', async () => {
    const folder = temporaryFolder();
    const python = `import os\nif os.path.exists('/flag/broken'): raise SystemExit('broken now')\n${SERVE}`;
    const mounts = [
      { source: ML_MODEL, target: '/model/ml_model.py' },
      { source: folder, target: '/flag' },
    ];
    const made = await launched({ python, mounts, maxRestarts: 2 });
    await using model = made.connect();
    await model.call(DARK);
    const kill = (): void => {
      const [state] = made.stats.replicas.map((each) => each.state);
      if (state?.phase === 'up') docker('kill', state.instance.split(' ')[1] ?? '');
    };
    kill();
    await expect.poll(() => made.stats.replicas[0]?.restarts).toBe(1);
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
    writeFileSync(join(folder, 'broken'), '');
    kill();
    await expect.poll(() => made.stats.replicas[0]?.state.phase).toBe('failed');
    const error = await failure(model.call(DARK));
    expect(error.message).toContain('exited with code 1');
    expect(error.message).toContain('its last words: broken now');
  });

  test('drains one that floods its standard output, and answers meanwhile', async () => {
    const flood = `import os, threading\ndef flood():\n  for i in range(200): os.write(1, b'x' * 99999 + b'\\n')\nthreading.Thread(target=flood, daemon=True).start()\n${SERVE}`;
    const made = await launched({ python: flood, logBytes: 2 ** 16 });
    await using model = made.connect();
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
    await expect.poll(() => made.stats.replicas[0]?.log.writtenBytes).toBeGreaterThan(2e7);
  });

  test('has two replicas behind one model, and restarts both while callers call', async () => {
    const before = census();
    const made = await launched({ replicas: 2 });
    await using model = made.connect();
    let calling = true;
    const callers = Array.from({ length: 4 }, async () => {
      let answered = 0;
      for (; calling; answered++) expect((await model.call(DARK)).shape).toEqual([0, 6]);
      return answered;
    });
    await made.restart();
    calling = false;
    for (const answered of await Promise.all(callers)) expect(answered).toBeGreaterThan(0);
    expect(made.stats.replicas.map(({ restarts }) => restarts)).toEqual([1, 1]);
    await made.stop();
    expect(census()).toEqual(before);
  });

  test('says so when the engine goes away, and comes back with it', async () => {
    const proxy = await engineProxy();
    const faults: unknown[] = [];
    const docking = await runtime(proxy.env);
    const onEvent: LaunchSpec['onEvent'] = (event) => {
      if (event.type === 'fault') faults.push(event.fault);
    };
    const made = await launched({ runtime: docking, onEvent, maxRestarts: 50 });
    await using model = made.connect();
    await model.call(DARK);
    await proxy.leave();
    await expect.poll(() => faults.length).toBeGreaterThan(1);
    expect(faults[0]).toMatchObject({
      kind: 'died',
      ending: { how: 'lost', reason: expect.stringContaining('is gone') },
    });
    expect(faults[1]).toMatchObject({ kind: 'not started', code: 'BRIDGE_LAUNCH' });
    await proxy.comeBack();
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
  });

  test('has no model run on behind a host that ends without ending it', () => {
    const host = fileURLToPath(new URL('crashing-host.ts', import.meta.url));
    const args = ['--conditions=@bridge/source', host, image, ML_MODEL, 'leave'];
    const said = execFileSync(process.execPath, args, { env: { ...process.env, ...engineEnv }, encoding: 'utf8' });
    const { instance, pid } = JSON.parse(said) as { instance: string; pid: number };
    onTestFinished(() => void docker('rm', instance.split(' ')[1] ?? ''));
    expect(pid).toBeGreaterThan(0);
    return expect
      .poll(() => docker('inspect', '--format', '{{.State.Running}}', instance.split(' ')[1] ?? ''))
      .toBe('false\n');
  });

  test('removes what a host that was killed has left behind', async () => {
    const before = census();
    const host = fileURLToPath(new URL('crashing-host.ts', import.meta.url));
    const args = ['--conditions=@bridge/source', host, image, ML_MODEL];
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...engineEnv },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(said)).toContain('"phase":"up"');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(census().length).toBeGreaterThan(before.length);
    const made = await launched();
    expect(text(made)).toMatch(/removed container [0-9a-f]{12} of image .*, whose host has ended/);
    await made.stop();
    expect(census()).toEqual(before);
  });
});
