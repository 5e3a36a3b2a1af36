// Malformed files: each is refused with its one code, with little memory, and by every way of reading.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { decode, decodeStream, isNpyError, type NpyErrorCode, readHeader } from '../../../src/core.ts';
import { decode as decodeArray } from '../../../src/index.ts';
import { thrownBy } from '../../support/npy-files.ts';
import { malformed, sections } from './table.ts';

/** A stream allocates the size that a header declares; these limits bound it. */
const limits = { maxBytes: 1_000_000 };

describe.each(Object.entries(sections))('%s', (_, rows) => {
  test.each(rows.map(({ name, code, file }) => ({ name, code, file })))('$name: $code', async ({ file, code }) => {
    const before = Uint8Array.from(file);
    const error = thrownBy(() => decode(file));
    expect(isNpyError(error), String(error)).toBe(true);
    expect(error).toMatchObject({ code, fault: code === 'NPY_OBJECTS' ? 'caller' : 'data' });
    expect(thrownBy(() => decodeArray(file, { copy: true }))).toMatchObject({ code });
    expect(headerCode(file)).toBeOneOf([code, undefined]);
    // A stream without any chunk has no array, and is not an error.
    if (file.length > 0)
      expect(await streamCode(file)).toBeOneOf(code === 'NPY_TRUNCATED' ? [code, 'NPY_LIMIT'] : [code]);
    expect(Buffer.compare(file, before)).toBe(0);
  });
});

test('there are at least 300, and no two are the same', () => {
  expect(malformed.length).toBeGreaterThanOrEqual(300);
  const names = Object.entries(sections).flatMap(([section, rows]) => rows.map(({ name }) => `${section}: ${name}`));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  const files = malformed.map(({ file }) => Buffer.from(file).toString('latin1'));
  expect(names.filter((_, i) => files.indexOf(files[i] ?? '') !== i)).toEqual([]);
});

test('the memory of arrays follows the bytes given, not what they say', () => {
  const hungry: string[] = [];
  for (const { name, file } of malformed) {
    // This counter of the runtime is exact. A garbage collection during the call can only lower it.
    const before = process.memoryUsage().arrayBuffers;
    thrownBy(() => decode(file));
    const taken = process.memoryUsage().arrayBuffers - before;
    if (taken > 4 * file.length + 65_536) hungry.push(`${name}: ${taken}`);
  }
  expect(hungry).toEqual([]);
});

test('no file takes much of the heap: a thread with little of it refuses all of them', async () => {
  const worker = new Worker(new URL('./bounded-heap.ts', import.meta.url), {
    execArgv: ['--conditions=@bridge/source'],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 16 },
  });
  const [refused] = await once(worker, 'message');
  expect(refused).toBe(malformed.length);
});

function headerCode(file: Uint8Array): NpyErrorCode | undefined {
  try {
    readHeader(file);
    return undefined;
  } catch (error) {
    if (!isNpyError(error)) throw error;
    return error.code;
  }
}

async function streamCode(file: Uint8Array): Promise<NpyErrorCode | undefined> {
  try {
    for await (const _ of decodeStream([file.subarray(0, 5), file.subarray(5)], { limits }));
    return undefined;
  } catch (error) {
    if (!isNpyError(error)) throw error;
    return error.code;
  }
}
