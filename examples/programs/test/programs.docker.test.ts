// The program that starts a container runs with a real engine and with the image of examples/model. Without an engine it would start a
// process; the test replaces that command by one that does not exist.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { docker, engineEnv, hasEngine, image } from '../../../packages/bridge/test/launch/containers.ts';
import { program, promised } from '../../../packages/npy/test/support/readme-examples.ts';
import { sourceOf } from './sources.ts';

const MODEL_FOLDER = fileURLToPath(new URL('../../model/', import.meta.url));

test.skipIf(!hasEngine)('launch-a-container.ts', async () => {
  const name = `my-model-${process.pid}`;
  docker('build', '--tag', name, '--build-arg', `BASE_IMAGE=${image}`, MODEL_FOLDER);
  const folder = new URL(`../.cache/${name}/`, import.meta.url);
  onTestFinished(async () => {
    docker('rmi', '--force', name);
    await rm(folder, { recursive: true, force: true });
  });
  const source = sourceOf('launch-a-container.ts').replace("'my-model'", `'${name}'`).replace("'python3'", "'no-such'");
  const args = await program(folder, 'launch-a-container', source);
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, ...engineEnv } });
  expect(stdout.trimEnd().split('\n')).toEqual(promised(source));
});
