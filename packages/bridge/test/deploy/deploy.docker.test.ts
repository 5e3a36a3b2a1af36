// The files of deploy/ work as they are: the tests build the relay's image from its Dockerfile, and run and call the services of
// its compose files.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { array } from '@bridge/npy';
import type Docker from 'dockerode';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { connect } from '../../src/model/connect.ts';
import { docker, hasEngine, image } from '../launch/containers.ts';
import { composeFile, type Project, up } from './compose.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const DEPLOY = fileURLToPath(new URL('../../../../deploy/', import.meta.url));
const FILES = { tcp: 'compose.yaml', unix: 'compose.unix.yaml' } as const;
const MODEL_IMAGE = 'npbridge-test-model';
const DARK = array(new Uint8Array(48 * 64 * 3), { shape: [48, 64, 3] });

async function running(
  kind: keyof typeof FILES,
): Promise<Project & { relay: Docker.Container; model: Docker.Container; port: number }> {
  const port = await freePort();
  const env = { MODEL_IMAGE, RELAY_PORT: String(port) };
  const file = composeFile(new URL(`file://${DEPLOY}${FILES[kind]}`), env);
  const project = await up(file, `npbridge-test-${port}`);
  const [relay, model] = ['relay', 'model'].map((name) => project.containers.get(name));
  if (!relay || !model) throw new Error('there is a service relay and a service model');
  await expect.poll(async () => (await relay.inspect()).State.Health?.Status).toBe('healthy');
  await expect.poll(() => docker('logs', model.id)).toContain('waiting');
  return { ...project, relay, model, port };
}

/** Calls the model from a host in a container that has no network and only the volume. Returns its output. */
function callFromContainer(volume: string): string {
  const program = `const { readFileSync } = require('node:fs'); const { connect } = require('node:net');
    const body = Buffer.concat([Buffer.from('\\x93NUMPY\\x01\\x00\\x76\\x00', 'latin1'),
      Buffer.from("{'descr': '|u1', 'fortran_order': False, 'shape': (48, 64, 3), }".padEnd(117) + '\\n'), Buffer.alloc(48 * 64 * 3)]);
    const socket = connect('/run/npbridge/model.sock');
    socket.on('data', (chunk) => console.log(chunk.toString('latin1').match(/'shape': \\(.*?\\)/)[0]));
    socket.write(Buffer.concat([Buffer.from(String(body.length).padEnd(10)), body]));`;
  return docker(
    'run',
    '--rm',
    '--network',
    'none',
    '--user',
    '1234',
    '-v',
    `${volume}:/run/npbridge`,
    nodeImage,
    'node',
    '-e',
    program,
  );
}

const nodeImage = inject('docker')?.nodeImage ?? '';

/**
 * Expects that a container's program is not root, has no capabilities and cannot get any, cannot write to the image, and has limits
 * of memory, processors and processes.
 */
async function expectGuarded(container: Docker.Container): Promise<void> {
  const status = docker('exec', container.id, 'cat', '/proc/self/status');
  expect(status).toMatch(/^Uid:\s+65532\s/m);
  for (const set of ['CapEff', 'CapPrm', 'CapBnd']) expect(status).toMatch(new RegExp(`^${set}:\\s+0{16}$`, 'm'));
  expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
  expect(() => docker('exec', container.id, 'touch', '/usr/x')).toThrow(/Read-only file system/);
  const { Memory, NanoCpus, PidsLimit } = (await container.inspect()).HostConfig;
  for (const limit of [Memory, NanoCpus, PidsLimit]) expect(limit).toBeGreaterThan(0);
}

describe.skipIf(!hasEngine)('deploy', () => {
  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/run.mjs', 'bundle'], { cwd: ROOT, stdio: 'inherit' });
    docker('build', '--quiet', '--tag', 'npbridge-relay', '--build-arg', `BASE_IMAGE=${nodeImage}`, DEPLOY);
    const model = fileURLToPath(new URL('../../../../examples/model/', import.meta.url));
    docker('build', '--quiet', '--tag', MODEL_IMAGE, '--build-arg', `BASE_IMAGE=${image}`, model);
  });

  test('compose.yaml: called over loopback, restarted, called again', async () => {
    const { relay, model, port } = await running('tcp');
    expect(docker('port', relay.id).trim()).toBe(`6001/tcp -> 127.0.0.1:${port}`);
    await expectGuarded(relay);
    await expectGuarded(model);
    await using caller = connect(`tcp://127.0.0.1:${port}`);
    expect((await caller.call(DARK)).shape).toEqual([0, 6]);
    // The model has accepted only the call: neither the health checks nor a host that sends nothing reach the model.
    await expect.poll(() => docker('logs', model.id).match(/waiting/g)).toHaveLength(2);
    // The command is detached, because it may end together with the container that it ends.
    docker('exec', '--detach', model.id, 'python3', '-c', 'import os, signal; os.kill(1, signal.SIGTERM)');
    await expect.poll(async () => (await model.inspect()).RestartCount).toBeGreaterThan(0);
    await expect
      .poll(() =>
        caller
          .call(DARK)
          .then(({ shape }) => shape)
          .catch(() => []),
      )
      .toEqual([0, 6]);
    await relay.stop();
    expect((await relay.inspect()).State.ExitCode).toBe(0);
    expect(docker('logs', relay.id)).toContain('tcp://0.0.0.0:6001');
  });

  test('compose.unix.yaml: called through the volume, by a container without a network', async () => {
    const { volumes, relay, model } = await running('unix');
    await expectGuarded(relay);
    await expectGuarded(model);
    expect(callFromContainer(volumes.get('socket') ?? '')).toBe("'shape': (0, 6)\n");
  });
});

test('a compose file without its model says what is missing', () => {
  for (const name of Object.values(FILES)) {
    expect(() => composeFile(new URL(`file://${DEPLOY}${name}`), {})).toThrow('MODEL_IMAGE: the image of your model');
  }
});
