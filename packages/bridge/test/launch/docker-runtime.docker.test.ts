// The runtime starts, watches and stops containers of a real engine, whose models end, hang, flood their output, or run out of
// memory.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import type { BridgeError } from '../../src/errors/bridge-error.ts';
import { isBridgeError } from '../../src/errors/bridge-error.ts';
import { openLane } from '../../src/lane/lane.ts';
import { newLaunchName } from '../../src/launch/leftovers/launch-name.ts';
import type { Route } from '../../src/launch/runtime.ts';
import { connect } from '../../src/model/connect.ts';
import {
  census,
  docker,
  hasEngine,
  image,
  keptLog,
  planOf,
  routeOptions,
  runtime,
  started,
  untilListening,
} from './containers.ts';

const NEVER = new AbortController().signal;
const LISTEN = 'import socket; s = socket.create_server(("0.0.0.0", 6000))';
const STAY = 'import time; time.sleep(1000)';
const DARK = array(new Uint8Array(48 * 64 * 3), { shape: [48, 64, 3] });

/** Calls ml_model.py twice with a dark frame, in which it finds no boxes. */
async function answers(route: Route): Promise<void> {
  await using model = connect(route.carrier);
  expect((await model.call(DARK)).shape).toEqual([0, 6]);
  expect((await model.call(DARK)).shape).toEqual([0, 6]);
}

async function code(promise: Promise<unknown>): Promise<BridgeError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isBridgeError(error)) throw error ?? new Error('nothing was thrown');
  return error;
}

describe.skipIf(!hasEngine)('a model in a container', () => {
  test("is reached at the container's own address, with nothing published", async () => {
    const { instance, log } = await started(undefined);
    expect(instance.pid).toBeGreaterThan(0);
    const listening = await untilListening(instance);
    expect(listening).toMatchObject({ on: 'any', address: '0.0.0.0' });
    const route = await instance.route(listening, routeOptions);
    expect(route.how).toMatch(/^the container's own address [\d.]+, since it listens on 0\.0\.0\.0$/);
    await answers(route);
    expect(await route.listening?.()).toBe(true);
    expect(docker('ps', '--format', '{{.Ports}}', '--filter', `id=${instance.name.split(' ')[1]}`).trim()).toBe('');
    expect(log.stdout()).toContain('picture received\nsending 0 boxes\n');
    const usage = await instance.usage();
    expect(usage?.cpuSeconds).toBeGreaterThan(0);
    expect(usage?.memoryBytes).toBeGreaterThan(2 ** 20);
  });

  test('bound to localhost is reached through exec', async () => {
    const { instance } = await started(undefined, { env: { HOST: 'localhost' } });
    const listening = await untilListening(instance);
    expect(listening).toMatchObject({ on: 'loopback', address: '127.0.0.1' });
    const route = await instance.route(listening, routeOptions);
    expect(route.how).toBe('a relay inside of the container, by docker exec, since it listens on 127.0.0.1');
    await answers(route);
  });

  test("bound to localhost is reached by its lane, in a user's folder, with the image's PYTHONPATH kept", async () => {
    const folder = temporaryFolder('/dev/shm');
    const context = temporaryFolder();
    writeFileSync(join(context, 'Dockerfile'), `FROM ${image}\nENV PYTHONPATH=/own\nUSER 65534:65534\n`);
    execFileSync('chmod', ['777', folder]);
    const docking = await runtime();
    const program = await docking.prepare(
      {
        kind: 'build',
        build: { context },
        command: planOf(undefined).program.kind === 'image' ? ['python3', '-u', '/model/ml_model.py'] : [],
      },
      keptLog(),
      NEVER,
    );
    const { instance } = await started(
      undefined,
      { program, env: { HOST: 'localhost' }, lane: { folder, socket: 'lane.sock', lean: false } },
      docking,
    );
    const lane = await openLane(join(folder, 'lane.sock'), { dialect: dialects.seed, signal: NEVER });
    await using model = connect(lane);
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
    const [id = ''] = instance.name.split(' ').slice(1);
    expect(docker('exec', id, 'sh', '-c', 'echo $PYTHONPATH')).toBe('/run/npbridge/shim:/own\n');
    await expect(async () => docker('exec', id, 'touch', '/run/npbridge/shim/x')).rejects.toThrow(/Read-only|denied/);
  });

  test('that exits at once tells its code and its last words', async () => {
    const { instance, log } = await started('import sys; print("so far"); sys.exit("no weights here")');
    expect(await instance.ended).toEqual({ how: 'exited', code: 1 });
    expect(log.stdout()).toBe('so far\n');
    expect(log.stderr()).toBe('no weights here\n');
    expect(await instance.listening()).toBeUndefined();
    expect(await instance.usage()).toBeUndefined();
  });

  test('that never listens, and one that listens late', async () => {
    const { instance: never } = await started(STAY);
    const { instance: late } = await started(`import time; time.sleep(1); ${LISTEN}; time.sleep(1000)`);
    expect(await late.listening()).toBeUndefined();
    expect(await untilListening(late)).toMatchObject({ on: 'any' });
    expect(await never.listening()).toBeUndefined();
  });

  test('that the kernel kills for its memory', async () => {
    const memoryBytes = 64 * 2 ** 20;
    const { instance } = await started('x = [bytearray(2**20) for _ in range(10**6)]', { memoryBytes });
    expect(await instance.ended).toEqual({ how: 'out of memory', memoryBytes });
  });

  test('that is killed, and one that is removed by somebody else', async () => {
    const { instance: killed } = await started('import os, signal; os.kill(os.getpid(), signal.SIGSEGV)');
    expect(await killed.ended).toEqual({ how: 'killed', signal: 'SIGSEGV' });
    const { instance: removed } = await started(STAY);
    docker('rm', '--force', removed.name.split(' ')[1] ?? '');
    expect((await removed.ended).how).toMatch(/^(killed|lost)$/);
    await removed.stop({ graceMs: 500 });
  });

  test('that floods its standard output is drained, and neither side keeps it', async () => {
    const { instance, log } = await started(
      'import os\nfor i in range(64): os.write(1, b"x" * 2**20)\nprint("the end")',
    );
    expect(await instance.ended).toEqual({ how: 'exited', code: 0 });
    expect(log.stdout().endsWith('xthe end\n')).toBe(true);
    expect(log.bytes()).toBe(64 * 2 ** 20 + 'the end\n'.length);
  });

  test('that does not hear SIGTERM is killed when its time is up, and so is one without a handler of its own', async () => {
    const deaf = `import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print("deaf"); ${STAY}`;
    for (const program of [deaf, STAY]) {
      const { instance } = await started(program);
      await instance.stop({ graceMs: 300 });
      expect((await instance.ended).how).toBe('killed');
      await instance.stop({ graceMs: 300 });
    }
  });

  test('twenty times over leaves nothing behind', async () => {
    const before = census();
    const docking = await runtime();
    for (let i = 0; i < 20; i++) {
      const { instance } = await started(`${LISTEN}; ${STAY}`, {}, docking);
      await untilListening(instance);
      await instance.stop({ graceMs: 300 });
    }
    expect(census()).toEqual(before);
  });

  test('whose command the image does not have ends as a shell would say it', async () => {
    const program = { kind: 'image', image, command: ['/no/such/program'] } as const;
    const { instance, log } = await started(STAY, { program });
    expect(await instance.ended).toEqual({ how: 'exited', code: 127 });
    expect(log.stderr()).toContain('/no/such/program');
  });

  test('that cannot be started says why', async () => {
    const docking = await runtime();
    const before = census();
    const none = await code(
      docking.prepare({ kind: 'image', image: 'no-such-image:none', command: undefined }, keptLog(), NEVER),
    );
    expect(none).toMatchObject({
      code: 'BRIDGE_LAUNCH',
      fault: 'caller',
      detail: { reason: 'no-image', image: 'no-such-image:none' },
    });
    const mounts = [{ source: '/no/such/folder', target: '/weights' }];
    const refused = await code(docking.start(planOf(STAY, { mounts }), keptLog(), NEVER));
    expect(refused).toMatchObject({ code: 'BRIDGE_LAUNCH', fault: 'caller', detail: { reason: 'refused' } });
    expect(refused.message).toContain('/no/such/folder');
    const graphics = await code(docking.start(planOf(STAY, { gpus: 'all' }), keptLog(), NEVER));
    expect(graphics.message).toContain('gpu');
    expect(census()).toEqual(before);
  });

  test('is not started once its start is called off', async () => {
    const docking = await runtime();
    const before = census();
    const off = new AbortController();
    const starting = docking.start(planOf(STAY), keptLog(), off.signal);
    setImmediate(() => off.abort(new Error('enough')));
    await expect(starting).rejects.toThrow('enough');
    expect(census()).toEqual(before);
  });

  test('is swept when the host that started it is gone, and only then', async () => {
    const docking = await runtime();
    const labels = (launch: string): string[] => [
      'run',
      '--detach',
      '--label',
      `npbridge.launch=${launch}`,
      image,
      'sleep',
      '1000',
    ];
    const { instance: mine } = await started(STAY, {}, docking);
    const gone = docker(...labels(newLaunchName().replace(/s\d+/, 's1'))).trim();
    const elsewhere = docker(...labels(newLaunchName().replace(/k[0-9a-f]+/, 'k00000000'))).trim();
    const anothers = docker(...labels(newLaunchName().replace(/s\d+/, 's1').replace(/u\d+$/, 'u4000000123'))).trim();
    // Earlier versions used names without a user id, so the owner of this one is unknown.
    const nobodys = docker(...labels(newLaunchName().replace(/s\d+/, 's1').replace(/u\d+$/, ''))).trim();
    onTestFinished(() => void docker('rm', '--force', elsewhere, anothers, nobodys));
    expect(await docking.sweep()).toContain(`container ${gone.slice(0, 12)} of image ${image}, whose host has ended`);
    const left = docker('ps', '--quiet', '--no-trunc');
    expect(left).not.toContain(gone);
    expect(left).toContain(elsewhere);
    expect(left).toContain(anothers);
    expect(left).toContain(nobodys);
    expect(left).toContain(mine.name.split(' ')[1]);
  });
});
