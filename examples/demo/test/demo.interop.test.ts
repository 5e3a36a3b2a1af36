// The demo as a user runs it, with the model on a real Python.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODEL_FOLDER } from '../src/running-model.ts';
import { scene } from '../src/scene.ts';
import { runDemo, sceneRow } from './demo.ts';
import { photograph } from './photograph.ts';

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
    expect(sceneRow(stdout)).toEqual({ frames: 60, found: '240 of 240', meanIou: 1 });
    expect(stdout).toContain('the model was started once and is still running');
    const picture = PNG.sync.read(await readFile(out));
    expect([picture.width, picture.height]).toEqual([640, 480]);
  });

  test('--image: the boxes are, bit for bit, what detect() returns in Python', async () => {
    const image = await photograph();
    const { code, stdout } = await runDemo(['--image', image, '--out', join(folder, 'photograph.png')]);
    expect(code).toBe(0);
    const [, , ...lines] = stdout.split('\npicture with boxes')[0]?.split('\n') ?? [];
    const printed = lines.map((line) => line.trim().split(/\s+/).map(Number));
    const script = [
      'import sys, json, numpy, PIL.Image, ml_model',
      'picture = numpy.asarray(PIL.Image.open(sys.argv[1]).convert("RGB"))',
      'print(json.dumps(ml_model.detect(picture, 0.3, 0.4)[0].astype(float).tolist()))',
    ].join('\n');
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const answer = await promisify(execFile)(python ?? '', ['-c', script, image], { cwd: MODEL_FOLDER, env });
    const expected = JSON.parse(answer.stdout) as number[][];
    expect(expected.length).toBeGreaterThan(3);
    expect(printed).toEqual(expected);
  });

  test('--image takes a JPEG, and what is neither says so', async () => {
    const [frame] = scene(1);
    const { data, shape } = frame?.picture ?? { data: new Uint8Array(), shape: [] };
    const [height = 0, width = 0] = shape;
    const rgba = Buffer.alloc(width * height * 4, 255);
    for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    const path = join(folder, 'scene.jpg');
    await writeFile(path, jpeg.encode({ width, height, data: rgba }, 95).data);
    const good = await runDemo(['--image', path, '--out', join(folder, 'jpeg.png')]);
    expect(good.code).toBe(0);
    expect(good.stdout.split('\npicture')[0]?.split('\n')).toHaveLength(2 + 4);
    const bad = await runDemo(['--image', join(MODEL_FOLDER, 'README.md')]);
    expect(bad.code).toBe(1);
    expect(bad.stderr).toContain('is neither a PNG nor a JPEG');
  });

  test("the model's own tests", async () => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };
    const { stderr } = await promisify(execFile)(python ?? '', ['-m', 'unittest'], { cwd: MODEL_FOLDER, env });
    expect(stderr).toMatch(/^OK$/m);
  });
});

test('a Python that is not there, and a number of frames that is none', async () => {
  const missing = await runDemo([], { BRIDGE_PYTHON: '/nowhere/python' });
  expect(missing.code).toBe(1);
  expect(missing.stderr).toMatch(/^demo: .*ENOENT/m);
  const none = await runDemo(['--frames', 'many']);
  expect(none.code).toBe(1);
  expect(none.stderr).toContain('--frames wants a number from 1, not many');
});
