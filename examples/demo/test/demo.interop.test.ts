// The demo runs as a user starts it, with the model in a real Python.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODEL_FOLDER } from '../src/running-model.ts';
import { runDemo, sceneRow } from './demo.ts';

const python = process.env['BRIDGE_PYTHON'];

describe.skipIf(!python)('npm run demo', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-demo-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('the scene: every box found where it is, and a picture of it', async () => {
    const out = join(folder, 'scene.png');
    const { code, stdout } = await runDemo(['--frames', '60', '--out', out]);
    expect(code).toBe(0);
    expect(sceneRow(stdout)).toEqual({ frames: 60, found: '240 of 240', meanIou: 1, extra: 0 });
    expect(stdout).toContain('the model was started once and is still running');
    const picture = PNG.sync.read(await readFile(out));
    expect([picture.width, picture.height]).toEqual([640, 480]);
  });

  test("the model's own tests", async () => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const { stderr } = await promisify(execFile)(python ?? '', ['-m', 'unittest'], { cwd: MODEL_FOLDER, env });
    expect(stderr).toMatch(/^OK$/m);
  });
});

test('a Python that is not there', async () => {
  const { code, stderr } = await runDemo([], { BRIDGE_PYTHON: '/nowhere/python' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^demo: the model could not be started: .*ENOENT/m);
});
