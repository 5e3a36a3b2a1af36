// The demo runs with the model in a real container, from an image of its own and with its port published on loopback.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { MAIN, runDemo, sceneRow } from './demo.ts';
import { start } from './offspring.ts';

const engine = inject('docker');
const run = promisify(execFile);

describe.skipIf(!engine)('npm run demo -- --docker', () => {
  const { host = '', docker = '', image = '' } = engine ?? {};
  const env = {
    DOCKER_HOST: host,
    PATH: `${dirname(docker)}${delimiter}${process.env['PATH'] ?? ''}`,
    BRIDGE_BASE_IMAGE: image,
  };
  const containers = async (): Promise<string> =>
    (await run(docker, ['ps', '--all', '--quiet'], { env: { ...process.env, ...env } })).stdout;

  test('the same table through a published port, the container started once and removed', async () => {
    const before = await containers();
    const folder = await mkdtemp(join(tmpdir(), 'bridge-docker-'));
    const { code, stdout, stderr } = await runDemo(['--docker', '--out', join(folder, 'scene.png')], env);
    await rm(folder, { recursive: true });
    expect(stderr).toContain('model: container ');
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
    ['while its image is being built', ['docker', 'build']],
    ['while it is being started', ['docker', 'run']],
    ['in the middle of the scene', undefined],
  ] as const;
  describe.each(signals)('%s', (signal, exitCode) => {
    test.each(moments)('%s: no container is left', async (_, client) => {
      const before = await containers();
      const args = ['--conditions=@bridge/source', MAIN, '--docker', '--frames', '1000000'];
      const demo = start(process.execPath, args, env);
      if (client) await demo.has(...client);
      else await demo.says('model: ');
      const { code, left, stderr } = await demo.endBy(signal);
      expect({ code, left }).toEqual({ code: exitCode, left: [] });
      expect(stderr).toContain(`demo: stopped by ${signal}\n`);
      expect(await containers()).toBe(before);
    });
  });

  test('an image that cannot be built says what Docker said', async () => {
    const { code, stderr } = await runDemo(['--docker'], { ...env, BRIDGE_BASE_IMAGE: 'no-such-image:none' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^demo: docker build: /m);
  });
});
