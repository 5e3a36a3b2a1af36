// The demo with the model in a real container: its own image, built, started and ended by the demo.
import { execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { MAIN, runDemo, sceneRow } from './demo.ts';
import { start } from './offspring.ts';

const engine = inject('docker');
const run = promisify(execFile);

describe.skipIf(!engine)('npm run demo -- --docker', () => {
  const { host = '', docker = '', image = '' } = engine ?? {};
  const env = { DOCKER_HOST: host, BRIDGE_BASE_IMAGE: image };
  const withEngine = { env: { ...process.env, DOCKER_BUILDKIT: '0', ...env } };
  const containers = async (): Promise<string> => (await run(docker, ['ps', '--all', '--quiet'], withEngine)).stdout;

  /** The same base under another id, on which nothing was built yet. */
  const newBase = async (): Promise<string> => {
    const tag = `npbridge-test-base:${randomUUID()}`;
    const building = run(docker, ['build', '--quiet', '--tag', tag, '-'], withEngine);
    building.child.stdin?.end(`FROM ${image}\nLABEL npbridge.test=${tag}\n`);
    await building;
    onTestFinished(async () => void (await run(docker, ['rmi', tag], withEngine)));
    return tag;
  };

  /** Resolves when the engine has made a container with such a name, from `since` on, seconds since 1970. */
  const made = async (name: RegExp, since: number): Promise<void> => {
    const format = ['--format', '{{.Actor.Attributes.name}}'];
    const args = ['events', '--since', since.toFixed(3), '--filter', 'event=create', ...format];
    const events = spawn(docker, args, { ...withEngine, stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void events.kill());
    for await (const line of createInterface(events.stdout)) if (name.test(line)) return;
    throw new Error(`no container ${name} was made`);
  };

  test('the same table, the container started once and removed', async () => {
    const before = await containers();
    const folder = await mkdtemp(join(tmpdir(), 'bridge-docker-'));
    const { code, stdout, stderr } = await runDemo(['--docker', '--out', join(folder, 'scene.png')], env);
    await rm(folder, { recursive: true });
    expect(stderr).toMatch(/^model: container [0-9a-f]{12} of image bridge-demo-model, called by its lane$/m);
    expect(code).toBe(0);
    expect(sceneRow(stdout)).toEqual({ frames: 300, found: '1200 of 1200', meanIou: 1, extra: 0 });
    expect(stdout).toContain('the model was started once and is still running');
    expect(await containers()).toBe(before);
    console.log(stdout);
  });

  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const;
  const moments = [
    // Of a RUN in its Dockerfile.
    ['while its image is being built', /^(?!npbridge-)/],
    ['while it is being started', /^npbridge-/],
    ['in the middle of the scene', undefined],
  ] as const;
  describe.each(signals)('%s', (signal, exitCode) => {
    test.each(moments)('%s: no container is left', async (_, container) => {
      const before = await containers();
      const base = await newBase();
      const since = Date.now() / 1000;
      const args = ['--conditions=@bridge/source', MAIN, '--docker', '--frames', '1000000'];
      const demo = start(process.execPath, args, { ...env, BRIDGE_BASE_IMAGE: base });
      if (container) await made(container, since);
      else await demo.says('model: ');
      const { code, left, stderr } = await demo.endBy(signal);
      expect({ code, left }).toEqual({ code: exitCode, left: [] });
      expect(stderr).toContain(`demo: stopped by ${signal}\n`);
      // What the engine has made for a build it removes by itself, when it hears that nobody wants it any more.
      await expect.poll(containers, { timeout: 30_000 }).toBe(before);
    });
  });

  test('an image that cannot be built says so, and what Docker said', async () => {
    const { code, stderr } = await runDemo(['--docker'], { ...env, BRIDGE_BASE_IMAGE: 'no-such-image:none' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^demo: .*Dockerfile cannot be built: /m);
  });
});
