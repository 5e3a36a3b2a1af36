// Models run in containers whose engine stops, runs on another machine, or is missing.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { array } from '@bridge/npy';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { dockerRuntime } from '../../src/launch/docker/docker-runtime.ts';
import { connect } from '../../src/model/connect.ts';
import { docker, hasEngine, keptLog, planOf, routeOptions, runtime, started, untilListening } from './containers.ts';
import { engineProxy } from './engine-proxy.ts';

const NEVER = new AbortController().signal;
const COUNT = 'import time\nfor i in range(10**6): print(i); time.sleep(0.05)';
const DARK = array(new Uint8Array(48 * 64 * 3), { shape: [48, 64, 3] });
const idOf = (name: string): string => name.split(' ')[1] ?? '';

describe.skipIf(!hasEngine)('an engine', () => {
  test('that goes away is the end of its models, and what they left is removed when it is back', async () => {
    const proxy = await engineProxy();
    const docking = await runtime(proxy.env);
    const { instance } = await started(COUNT, {}, docking);
    const { pid } = instance;
    await proxy.leave();
    expect(await instance.ended).toMatchObject({
      how: 'lost',
      reason: `the Docker Engine at ${proxy.env.DOCKER_HOST} is gone`,
    });
    await expect(docking.start(planOf(COUNT), keptLog(), NEVER)).rejects.toMatchObject({
      code: 'BRIDGE_LAUNCH',
      fault: 'environment',
      detail: { reason: 'no-engine', where: proxy.env.DOCKER_HOST },
    });
    await instance.stop({ graceMs: 300 });
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
    expect(docker('ps', '--all', '--quiet')).toContain(idOf(instance.name));
    await proxy.comeBack();
    const { instance: next } = await started(COUNT, {}, docking);
    expect(docker('ps', '--all', '--quiet')).not.toContain(idOf(instance.name));
    await next.stop({ graceMs: 300 });
  });

  test("is sent a model's variables, which stand in no address that it might write down", async () => {
    const proxy = await engineProxy();
    const { log } = await started(
      'import os; print(os.environ["TOKEN"])',
      { env: { TOKEN: 'a-secret' } },
      await runtime(proxy.env),
    );
    await expect.poll(() => log.stdout()).toBe('a-secret\n');
    const addresses = [...proxy.sent().matchAll(/[A-Z]+ (\S+) HTTP\/1\.1\r\n/g)].map(([, address]) => address);
    expect(addresses).toContainEqual(expect.stringMatching(/^\/containers\/create\?name=npbridge-[\w-]+$/));
    expect(addresses.join('\n')).not.toContain('a-secret');
    expect(proxy.sent()).toContain('"TOKEN=a-secret"');
  });

  test.each([
    ['still answers', 0],
    ['refuses to give the output and the events a few times', 3],
  ])('whose connections are cut, and which %s, goes on reporting both', async (_, times) => {
    const proxy = await engineProxy();
    const { instance, log } = await started(COUNT, {}, await runtime(proxy.env));
    await expect.poll(() => log.stdout()).toContain('3\n');
    for (const request of [/^POST \/containers\/\w+\/attach/, /^GET \/events/]) proxy.refuse(request, times);
    proxy.cut();
    await expect.poll(() => log.notes.length).toBe(1);
    const bytes = log.bytes();
    await expect.poll(() => log.bytes()).toBeGreaterThan(bytes);
    docker('kill', idOf(instance.name));
    expect(await instance.ended).toEqual({ how: 'killed', signal: 'SIGKILL' });
  });

  test('that may be elsewhere publishes the port on loopback, and is asked who listens', async () => {
    const proxy = await engineProxy('tcp');
    const docking = await runtime(proxy.env);
    const { instance } = await started(undefined, {}, docking);
    expect(instance.pid).toBeUndefined();
    const listening = await untilListening(instance);
    const route = await instance.route(listening, routeOptions);
    expect(route.how).toMatch(/^port \d+, published on loopback, since it listens on 0\.0\.0\.0$/);
    await using model = connect(route.carrier);
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
    expect(docker('port', idOf(instance.name))).toMatch(/^6000\/tcp -> 127\.0\.0\.1:\d+\n$/);
  });

  test('that may be elsewhere reaches what listens on localhost through exec', async () => {
    const proxy = await engineProxy('tcp');
    const { instance } = await started(undefined, { env: { HOST: 'localhost' } }, await runtime(proxy.env));
    const route = await instance.route(await untilListening(instance), routeOptions);
    await using model = connect(route.carrier);
    expect((await model.call(DARK)).shape).toEqual([0, 6]);
  });
});

test('an engine that is not there is told, with where it was looked for', async () => {
  await expect(dockerRuntime({ DOCKER_HOST: 'unix:///no/such/docker.sock' })).rejects.toMatchObject({
    code: 'BRIDGE_LAUNCH',
    message: expect.stringContaining(
      'no Docker Engine answers at unix:///no/such/docker.sock: the socket does not exist',
    ),
    detail: { reason: 'no-engine', where: 'unix:///no/such/docker.sock' },
  });
});

test('a client that is not installed is told, with how to install it', () => {
  const folder = temporaryFolder();
  const own = fileURLToPath(new URL('../../', import.meta.url));
  cpSync(join(own, 'src'), join(folder, 'src'), { recursive: true });
  cpSync(join(own, 'package.json'), join(folder, 'package.json'));
  mkdirSync(join(folder, 'node_modules', '@bridge'), { recursive: true });
  for (const name of ['npy', 'transport']) {
    symlinkSync(realpathSync(join(own, 'node_modules/@bridge', name)), join(folder, 'node_modules/@bridge', name));
  }
  const program = `import { dockerRuntime } from './src/launch/docker/docker-runtime.ts';
    await dockerRuntime().catch(({ code, message, detail }) => console.log(JSON.stringify({ code, message, detail })));`;
  const args = ['--conditions=@bridge/source', '--input-type=module', '--eval', program];
  const told = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
  expect(told).toEqual({
    code: 'BRIDGE_LAUNCH',
    message: 'containers need the package dockerode, which is not installed: npm install dockerode',
    detail: { reason: 'no-client' },
  });
});
