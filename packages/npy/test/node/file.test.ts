// load and save, on a real disk.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { array, encode, toNested } from '../../src/index.ts';
import { after } from '../../src/node/file.ts';
import { load, save } from '../../src/node/index.ts';
import { expectSameBytes } from '../bytes.ts';

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
    const left = after(count, parts).flatMap((part) => [...part]);
    expect(left).toEqual([1, 2, 3, 4, 5, 6].slice(count));
  }
  expect(after(6, parts)).toEqual([]);
});
