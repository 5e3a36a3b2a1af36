// Pillow makes pictures of every kind from a real photograph. The demo reads the same pixels from them as Pillow, byte for byte,
// and --image prints the boxes that detect() returns in Python, bit for bit.
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPicture } from '../src/read-picture.ts';
import { MODEL_FOLDER } from '../src/running-model.ts';
import { boxRows, runDemo } from './demo.ts';
import { photograph } from './photograph.ts';

const python = process.env['BRIDGE_PYTHON'];

describe.skipIf(!python)('pictures', () => {
  let folder = '';
  /** The boxes that detect() finds in each picture in Python. */
  let boxes: Record<string, number[][]> = {};
  const at = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bridge-pictures-'));
    const script = fileURLToPath(new URL('pictures.py', import.meta.url));
    const env = { ...process.env, PYTHONPATH: MODEL_FOLDER, PYTHONDONTWRITEBYTECODE: '1' };
    const { stdout } = await promisify(execFile)(python ?? '', [script, await photograph(), folder], { env });
    boxes = JSON.parse(stdout);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('every kind: the pixels that Pillow sees, a JPEG turned as its EXIF orientation says', async () => {
    const names = (await readdir(folder)).filter((name) => /\.(png|jpg)$/.test(name));
    expect(names).toHaveLength(8 + 8 + 3 + 6);
    for (const name of names) {
      const { shape, data } = await readPicture(at(name));
      const pillow = await readFile(at(`${name}.rgb`));
      expect([name, ...shape]).toEqual([name, pillow.readUInt32LE(0), pillow.readUInt32LE(4), 3]);
      expect(`${name}: ${pillow.subarray(8).compare(data)}`).toBe(`${name}: 0`);
    }
  });

  test.each(['photograph.png', 'photograph.jpg', 'orientation-6.jpg', 'progressive-420.jpg'])(
    '--image %s: the boxes are, bit for bit, what detect() returns in Python',
    async (name) => {
      const { code, stdout } = await runDemo(['--image', at(name), '--out', at('out')]);
      expect(code).toBe(0);
      expect(boxes[name]?.length).toBeGreaterThan(2);
      expect(boxRows(stdout)).toEqual(boxes[name]);
    },
  );

  test('a file that is no picture is named, with what is wrong, and no model is started', async () => {
    const png = await readFile(at('photograph.png'));
    const jpeg = await readFile(at('photograph.jpg'));
    const damaged = Buffer.from(png);
    damaged.fill(0, 100_000, 100_100);
    const promising = Buffer.from(png);
    promising.writeUInt32BE(100_000, 16);
    promising.writeUInt32BE(100_000, 20);
    const bad: Record<string, [file: Buffer | undefined, message: RegExp]> = {
      'cut.png': [png.subarray(0, 100_000), /cannot be read as a PNG: it is damaged or cut short \(/],
      'damaged.png': [damaged, /cannot be read as a PNG: it is damaged or cut short \(/],
      'huge.png': [promising, /cannot be read as a PNG: 100000 x 100000 pixels are more than 268435456$/],
      'start.png': [png.subarray(0, 8), /cannot be read as a PNG: /],
      'cut.jpeg': [jpeg.subarray(0, jpeg.length >> 1), /cannot be read as a JPEG: Premature end of JPEG file$/],
      'start.jpeg': [jpeg.subarray(0, 2), /cannot be read as a JPEG: /],
      'cmyk.jpeg': [undefined, /cannot be read as a JPEG: Unsupported color conversion request$/],
      'empty.png': [Buffer.alloc(0), /is neither a PNG nor a JPEG$/],
      'text.png': [Buffer.from('P6 1 1 255 abc'), /is neither a PNG nor a JPEG$/],
      'missing.png': [undefined, /cannot be read: ENOENT/],
    };
    for (const [name, [file, message]] of Object.entries(bad)) {
      if (file !== undefined) await writeFile(at(name), file);
      const error: Error = await readPicture(at(name)).then(
        () => expect.unreachable(`${name} was read`),
        (reason) => reason,
      );
      expect(error.message).toMatch(message);
      expect(error.message).toContain(at(name));
    }
    const { code, stdout, stderr } = await runDemo(['--image', at('cut.png')]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^demo: .*cut\.png cannot be read as a PNG: .*\n$/);
  });
});
