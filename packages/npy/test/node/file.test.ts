// load and save read and write files on a real disk.
import { execFile } from 'node:child_process';
import { mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { array, encode, NpyError, toNested } from '../../src/index.ts';
import { dropBytes, readInto, writeAll } from '../../src/node/file.ts';
import { load, save } from '../../src/node/index.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npy-file-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('what is saved is what np.save writes, and is loaded again', async () => {
  const path = join(folder, 'ramp.npy');
  const ramp = array(
    [
      [1, 2],
      [3, 4],
    ],
    { dtype: 'float32' },
  );
  await save(path, ramp);
  expectSameBytes(await readFile(path), encode(ramp));
  const loaded = await load(path, { dtype: 'float32' });
  expect(toNested(loaded)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('a path may be a URL, gets no suffix, and an old file is replaced', async () => {
  const url = pathToFileURL(join(folder, 'as it is'));
  await save(url, new Uint8Array(5000));
  await save(url, [], { dtype: 'int8' });
  expect((await stat(url)).size).toBe(128);
  expect((await load(url)).shape).toEqual([0]);
});

test('an array that cannot be encoded leaves the file alone', async () => {
  const path = join(folder, 'kept.npy');
  await save(path, [1]);
  await expect(save(path, [1.5], { dtype: 'int8' })).rejects.toMatchObject({ code: 'NPY_VALUE' });
  expect(toNested(await load(path))).toEqual([1]);
});

test('the file system’s errors and the file’s own pass through', async () => {
  await expect(load(join(folder, 'missing.npy'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(save(join(folder, 'no', 'folder.npy'), [1])).rejects.toMatchObject({ code: 'ENOENT' });
  const path = join(folder, 'short.npy');
  await writeFile(path, encode([1, 2, 3]).subarray(0, 140));
  await expect(load(path)).rejects.toMatchObject({ code: 'NPY_TRUNCATED' });
});

test('after a write that took less than it was given, the rest is left', () => {
  const parts = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5), new Uint8Array(0), Uint8Array.of(6)];
  for (let count = 0; count <= 6; count++) {
    const left = dropBytes(count, parts).flatMap((part) => [...part]);
    expect(left).toEqual([1, 2, 3, 4, 5, 6].slice(count));
  }
  expect(dropBytes(6, parts)).toEqual([]);
});

test('a file is read with as many calls as it takes', async () => {
  const path = join(folder, 'many-calls.npy');
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  await writeFile(path, bytes);
  for (const [filled, readBytes] of [
    [0, 1],
    [0, 7],
    [3, 999],
    [0, 2 ** 30],
  ] as const) {
    await using file = await open(path);
    const target = new Uint8Array(filled + 1000);
    expect((await readInto(file, target, filled, readBytes)).subarray(filled)).toEqual(bytes);
  }
  await using short = await open(path);
  expect(await readInto(short, new Uint8Array(2000), 0, 300)).toEqual(bytes);
});

test('an array that is larger than what is read at first, and has others behind it', async () => {
  const path = join(folder, 'large.npy');
  const data = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const file = encode(data);
  await writeFile(path, Buffer.concat([file, encode([1])]));
  const loaded = await load(path, { dtype: 'float64' });
  expect(Buffer.compare(encode(loaded), file)).toBe(0);
  expect(loaded.data.buffer.byteLength).toBe(file.length);
});

test('limits are held against the header before the data is read', async () => {
  const path = join(folder, 'sparse.npy');
  const header = encode(new Uint8Array(0)).slice();
  const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1099511627776,), }";
  header.fill(0x20, 10, 127).set(Buffer.from(text), 10);
  await writeFile(path, header);
  await truncate(path, 128 + 2 ** 40).catch(() => truncate(path, 2 ** 33));
  await expect(load(path, { limits: { maxBytes: 1000 } })).rejects.toMatchObject({
    code: 'NPY_LIMIT',
    detail: { maxBytes: 1000, path },
  });
  await rm(path);
});

test('a file that declares more than it has is refused before there is memory for it', async () => {
  const path = join(folder, 'liar.npy');
  const data = new Uint8Array(70_000);
  const header = encode(data).slice();
  header.set(Buffer.from('(900000000000,), }'), Buffer.from(header).indexOf('(70000,)'));
  await writeFile(path, header);
  await expect(load(path)).rejects.toMatchObject({ code: 'NPY_TRUNCATED', detail: { received: header.length } });
});

test('a pipe is read up to the end of the array', async () => {
  const path = join(folder, 'fifo');
  await promisify(execFile)('mkfifo', [path]);
  const data = Float32Array.from({ length: 50_000 }, (_, i) => i);
  const [loaded] = await Promise.all([load(path, { dtype: 'float32' }), writeFile(path, encode(data))]);
  expect(loaded.data).toEqual(data);
});

test('a device that never ends is refused by its first bytes', async () => {
  await expect(load('/dev/zero')).rejects.toMatchObject({ code: 'NPY_NOT_NPY' });
});

test('every error of a file names the file', async () => {
  const path = join(folder, 'no array\x1b.npy');
  await writeFile(path, 'x');
  const error = await load(path).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NpyError);
  expect(error).toMatchObject({
    code: 'NPY_NOT_NPY',
    fault: 'data',
    message: expect.stringContaining('no array\\u001b.npy'),
  });
  await expect(load(folder)).rejects.toMatchObject({ code: 'EISDIR', message: expect.stringContaining(folder) });
  await expect(save('/dev/full', [1])).rejects.toMatchObject({
    code: 'ENOSPC',
    message: expect.stringContaining('/dev/full'),
  });
});

test.each<[string, unknown]>([
  ['bytes', encode([1])],
  ['an array', array([1])],
  ['a number', 3],
  ['nothing', undefined],
])('a path that is %s is refused', async (_, path) => {
  await expect(load(path as string)).rejects.toMatchObject({ code: 'NPY_OPTION' });
  await expect(save(path as string, 'x.npy')).rejects.toMatchObject({ code: 'NPY_OPTION' });
});

test('parts are written with as many calls as it takes', async () => {
  const path = join(folder, 'many-writes.npy');
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const parts = [bytes.subarray(0, 128), new Uint8Array(0), bytes.subarray(128)];
  for (const callBytes of [1, 127, 128, 129, 999, 1000, 2 ** 30]) {
    {
      await using file = await open(path, 'w');
      await writeAll(file, parts, callBytes);
    }
    expectSameBytes(await readFile(path), bytes);
  }
});

test('an array whose memory is transferred away before it is written is refused', async () => {
  const pixels = new Uint8Array(100_000);
  const saved = save(join(folder, 'gone.npy'), pixels);
  structuredClone(pixels, { transfer: [pixels.buffer] });
  await expect(saved).rejects.toMatchObject({ code: 'NPY_ARRAY', detail: { expected: 100_128, actual: 128 } });
});

test('more than 2 GiB are written, of which one call would tell a negative count', async () => {
  // The system gives no memory to pages that no program has touched.
  await save('/dev/null', new Uint8Array(2 ** 31 + 12_345));
});
