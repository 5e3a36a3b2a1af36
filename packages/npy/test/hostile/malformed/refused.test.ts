// Malformed files: each is refused with its one code, quickly, with little memory, and by every way of reading.
import { describe, expect, test } from 'vitest';
import { decode, decodeStream, isNpyError, type NpyErrorCode, readHeader } from '../../../src/core.ts';
import { decode as decodeArray } from '../../../src/index.ts';
import { thrownBy } from '../../support/npy-files.ts';
import { malformed, sections } from './table.ts';

/** A stream allocates the size that a header declares; these limits bound it. */
const limits = { maxBytes: 1_000_000 };

/** A reader that hangs takes longer than this. A refusal takes microseconds. */
const MAX_MS = 100;

describe.each(Object.entries(sections))('%s', (_, rows) => {
  test.each(rows.map(({ name, code, file }) => ({ name, code, file })))('$name: $code', async ({ file, code }) => {
    const before = Uint8Array.from(file);
    const error = thrownBy(() => decode(file));
    expect(isNpyError(error), String(error)).toBe(true);
    expect(error).toMatchObject({ code, fault: code === 'NPY_OBJECTS' ? 'caller' : 'data' });
    expect(fastestMs(() => decode(file))).toBeLessThan(MAX_MS);
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

test('memory follows the bytes given, not what they say', () => {
  // The first calls also take memory for compiled code, so they are not measured.
  for (const { file } of malformed) thrownBy(() => decode(file));
  const hungry: string[] = [];
  for (const { name, file } of malformed) {
    const before = process.memoryUsage();
    thrownBy(() => decode(file));
    const after = process.memoryUsage();
    const buffers = after.arrayBuffers - before.arrayBuffers;
    const heap = after.heapUsed - before.heapUsed;
    // The reader makes a string, tokens and an error message of each header. A garbage collection during the call can only lower
    // the figures.
    if (buffers > 4 * file.length + 65_536 || heap > 64 * file.length + 2_000_000)
      hungry.push(`${name}: ${buffers} + ${heap}`);
  }
  expect(hungry).toEqual([]);
});

/** Returns the processor time of the fastest of three calls, so that other programs on the machine do not count. */
function fastestMs(call: () => unknown): number {
  const took = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    thrownBy(call);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...took);
}

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
