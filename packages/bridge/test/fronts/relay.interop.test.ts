// The relay stands between unmodified Python hosts and the real ml_model.py: hosts that work, hosts that are killed in the middle
// of their message, and hosts that do all possible harm. Afterwards the model is still the same process.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { array } from '@bridge/npy';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MODEL_FOLDER } from '../../../../examples/demo/src/running-model.ts';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { connect, type Relay, relay } from '../../src/index.ts';
import { ML_MODEL, peer, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';
import { misbehave, seeded } from './misbehaving-host.ts';

/** The number of hostile hosts is small enough for every run. A variable sets a larger one for runs by hand. */
const HARMS = Number(process.env['BRIDGE_FUZZ_RUNS'] ?? 150);
const [label, python] = pythons[0] ?? ['no Python', undefined];

async function expectServed({ address }: Relay, x: number): Promise<void> {
  const data = new Uint8Array(100 * 200 * 3);
  for (let row = 20; row < 60; row++) data.fill(220, (row * 200 + x) * 3, (row * 200 + x + 30) * 3);
  await using host = connect(address, { shared: false });
  expect((await host.call(array(data, { shape: [100, 200, 3] }), { timeoutMs: 20_000 })).get(0, 0)).toBe(x);
}

function start(script: string, ...args: string[]): ChildProcess {
  const child = spawn(python ?? '', [script, ...args], {
    cwd: MODEL_FOLDER,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function webcam(address: string): Promise<{ checksum: string }> {
  const { hostname, port } = new URL(address);
  const child = start('webcam_stream.py', '--host', hostname, '--port', port, '--frames', '12', '--reply', 'npy');
  let out = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  expect((await once(child, 'close'))[0]).toBe(0);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

describe.skipIf(!python)(`a relay before ml_model.py, and hosts, on ${label}`, () => {
  test('a host gets through the relay what it gets from the model', async () => {
    const model = await startPeer(python ?? '', ML_MODEL);
    await using relayed = await relay('tcp://127.0.0.1:0', model.target);
    const direct = await webcam(model.target);
    const hosts = await Promise.all([webcam(relayed.address), webcam(relayed.address), webcam(relayed.address)]);
    for (const { checksum } of hosts) expect(checksum).toBe(direct.checksum);
    expect(relayed.stats).toMatchObject({ calls: 36, answered: 36, failures: {} });
    expect(model.alive()).toBe(true);
  });

  test.each(['tcp', 'unix'])('hosts killed by force in the middle of their messages, over %s', async (kind) => {
    const model = await startPeer(python ?? '', ML_MODEL);
    const folder = temporaryFolder();
    const from = kind === 'tcp' ? 'tcp://127.0.0.1:0' : `unix://${join(folder, 'm.sock')}`;
    const told: unknown[] = [];
    await using relayed = await relay(from, model.target, { onError: (error) => told.push(error) });
    const whole = 10 + 128 + 480 * 640 * 3;
    for (const [i, count] of [1, 9, 10, 11, 138, 70_000, 500_000, whole - 1].entries()) {
      const host = start(peer('half_host.py'), relayed.address, String(count));
      await once(host.stdout ?? host, 'data');
      host.kill('SIGKILL');
      await once(host, 'exit');
      await expectServed(relayed, 10 + i);
      await expect.poll(() => told.length).toBe(i + 1);
    }
    expect(relayed.stats).toMatchObject({ calls: 8, answered: 8 });
    expect(model.alive()).toBe(true);
  });

  test(`${HARMS} hosts that do whatever harm they can, six at a time`, async () => {
    const model = await startPeer(python ?? '', ML_MODEL);
    const limits = { stallMs: 2000, firstByteMs: 2000, closeMs: 2000 };
    await using relayed = await relay('tcp://127.0.0.1:0', model.target, { hosts: { limits }, onError: () => {} });
    const seed = Number(process.env['BRIDGE_FUZZ_SEED'] ?? 6000);
    const frame = array(new Uint8Array(60 * 80 * 3), { shape: [60, 80, 3] });
    let left = HARMS;
    const host = async (own: number): Promise<void> => {
      const random = seeded(own);
      while (left-- > 0) await misbehave(relayed.address, frame, random);
    };
    const hosts = Promise.all(Array.from({ length: 6 }, (_, i) => host(seed + i)));
    for (let i = 0; i < 10; i++) await expectServed(relayed, 10 + i);
    await hosts;
    await expectServed(relayed, 50);
    expect(model.alive()).toBe(true);
    await expect.poll(() => relayed.stats.inFlight + relayed.stats.queued).toBe(0);
  });
});
