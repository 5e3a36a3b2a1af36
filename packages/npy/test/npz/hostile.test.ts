// Archives from an untrusted source are cut off, damaged, inconsistent, or made to take far more memory or time than their size.
// Each gives one error with a code.
import { describe, expect, test } from 'vitest';
import { encode, isNpyError, type NpyError } from '../../src/core.ts';
import { decodeNpz, encodeNpz, readNpzHeaders } from '../../src/npz/index.ts';
import { xorshift } from '../pickle/hostile/damage.ts';

const a = { data: Uint8Array.from({ length: 100 }, (_, i) => i) };
const b = { data: Float64Array.of(1, 2, 3) };
const samples = (['savez', 'plain'] as const).map((form) => encodeNpz({ a, b }, { form }));
const [savez = new Uint8Array(0), plain = new Uint8Array(0)] = samples;

/** Returns the position of entry `i` of the central directory. */
const entryAt = (file: Uint8Array, i: number): number =>
  Array.from({ length: i + 1 }).reduce((at: number) => Buffer.from(file).indexOf('PK\x01\x02', at + 1, 'latin1'), 0);
/** Returns the position of the record at the archive's end, which has 22 bytes. */
const endAt = (file: Uint8Array): number => file.length - 22;

/** Returns a copy of the file with `bytes` at position `at`. */
function changed(file: Uint8Array, at: number, ...bytes: number[]): Uint8Array {
  const copy = file.slice();
  copy.set(bytes, at);
  return copy;
}

function refusalOf(file: Uint8Array): NpyError {
  for (const read of [decodeNpz, readNpzHeaders]) {
    try {
      read(file);
    } catch (error) {
      if (isNpyError(error)) return error;
      throw error;
    }
  }
  throw new Error('it was read');
}

function expectRefusal(file: Uint8Array, says: string): void {
  const { code, message, fault } = refusalOf(file);
  expect([code, fault]).toEqual(['NPY_ARCHIVE', 'data']);
  expect(message).toContain(says);
}

test('cut off at every byte', () => {
  for (const sample of samples) {
    for (let length = 0; length < sample.length; length++)
      expect(refusalOf(sample.subarray(0, length)).code).toBe('NPY_ARCHIVE');
  }
});

test('with bytes changed, put in and left out: 30 000 times', () => {
  const random = xorshift(4711);
  let read = 0;
  for (let i = 0; i < 30_000; i++) {
    const sample = [...(samples[random(2)] ?? [])];
    for (let n = 1 + random(3); n > 0; n--) {
      // Most bytes are data and padding, so half of the changes go to the last 150 bytes, which are the central directory.
      const at = random(2) === 0 ? random(sample.length) : sample.length - 1 - random(150);
      const kind = random(3);
      if (kind === 0) sample.splice(at, random(8));
      else if (kind === 1) sample.splice(at, 0, random(256));
      else sample[at] = random(256);
    }
    const file = Uint8Array.from(sample);
    for (const each of [decodeNpz, readNpzHeaders]) {
      try {
        each(file);
        read++;
      } catch (error) {
        if (!isNpyError(error)) throw error;
      }
    }
  }
  expect(read).toBeGreaterThan(100);
});

describe('every byte of the data is held against the checksum', () => {
  test('in all members', () => {
    const start = 30 + 'a.npy'.length;
    for (let at = start; at < start + 228; at += 13)
      expectRefusal(changed(plain, at, (plain[at] ?? 0) ^ 0x10), 'member "a.npy" is damaged: its checksum is');
  });
});

describe('what is not read here', () => {
  const at = entryAt(plain, 1);
  test.each([
    ['encrypted', 8, [1, 0], 'member "b.npy" is encrypted (method 0)'],
    ['strongly encrypted', 8, [0x41, 0], 'member "b.npy" is encrypted (method 0)'],
    ['a patch', 8, [0x20, 0], 'member "b.npy" is a patch (method 0)'],
    [
      'deflate',
      10,
      [8, 0],
      'compressed by deflate, as np.savez_compressed writes (method 8): save the archive with np.savez, which does not compress',
    ],
    ['bzip2', 10, [12, 0], 'compressed by bzip2 (method 12)'],
    ['zstd', 10, [93, 0], 'compressed by zstd (method 93)'],
    ['a method of nobody', 10, [0x39, 0x30], 'compressed by method 12345:'],
  ])('%s', (_, field, bytes, says) => {
    expectRefusal(changed(plain, at + field, ...bytes), says);
    expect(Object.keys(decodeNpz(changed(plain, at + field, ...bytes), { names: ['a'] }))).toEqual(['a']);
  });

  test('several disks', () => {
    for (const field of [4, 6]) expectRefusal(changed(plain, endAt(plain) + field, 1), 'is split into several');
    expectRefusal(changed(plain, endAt(plain) + 8, 1), 'is split into several');
  });
});

describe('what does not fit together', () => {
  const at = entryAt(plain, 0);
  test.each([
    ['another name in the local header', changed(plain, 30, 0x7a), 'has another name in its own header'],
    ['no local header', changed(plain, at + 42, 1), 'member "a.npy" is not where the central directory says it is'],
    ['a local header behind the file', changed(plain, at + 42, 0, 0, 0, 0x7f), 'is not where the central directory'],
    ['more bytes than there are', changed(plain, at + 20, 0, 0, 0, 1, 0, 0, 0, 1), 'of 16777216 bytes does not end'],
    [
      'two sizes',
      changed(plain, at + 24, 0),
      'member "a.npy" is not compressed, but has two different sizes: 228 and 0',
    ],
    [
      'more members than there are',
      changed(plain, endAt(plain) + 8, 3, 0, 3, 0),
      'says that it has 3 members, its central directory has 2',
    ],
    ['fewer members than there are', changed(plain, endAt(plain) + 8, 1, 0, 1, 0), 'says that it has 1 members'],
    ['no members, and a directory', changed(plain, endAt(plain) + 8, 0, 0, 0, 0), 'says that it has 0 members'],
    ['a directory that is too long', changed(plain, endAt(plain) + 12, 0xff, 0xff), 'does not end in front of byte'],
    ['a directory of another place', changed(plain, endAt(plain) + 12, 50), 'there is no central directory where'],
    ['an entry that is too long', changed(plain, entryAt(plain, 1) + 30, 1), 'ends inside of an entry'],
    ['an entry without its mark', changed(plain, entryAt(plain, 1), 0), 'the central directory is damaged'],
    [
      'sizes in no extra field',
      changed(plain, at + 20, 0xff, 0xff, 0xff, 0xff),
      'lacks a 64-bit size or offset in its ZIP64 extra field',
    ],
    ['a name that is no UTF-8', changed(changed(plain, at + 8, 0, 8), at + 46, 0xff), 'is not UTF-8'],
    ['a NUL in a name', changed(plain, at + 46, 0), 'has a NUL character'],
  ])('%s', (_, file, says) => expectRefusal(file, says));

  test('a member that is no array', () => {
    const { code, message } = refusalOf(changed(savez, Buffer.from(savez).indexOf('NUMPY'), 0x6e));
    expect([code, message.slice(0, 22)]).toEqual(['NPY_ARCHIVE', 'npz: member "a.npy" is']);
  });

  test('an array that ends behind its member', () => {
    // The member holds a whole array of 100 bytes, and the archive declares a size that is a byte too small.
    const file = changed(plain, entryAt(plain, 0) + 20, 227, 0, 0, 0, 227);
    expect(() => readNpzHeaders(file, { names: ['a'] })).toThrow(
      'npz: member "a.npy": the bytes end inside the data, after 227 of 228 bytes',
    );
  });
});

describe('more than it brings', () => {
  test('many entries of one member are refused', () => {
    const data = encodeNpz({ a: { data: new Uint8Array(100_000) } }, { form: 'plain' });
    const entry = data.subarray(entryAt(data, 0), endAt(data));
    const members = 10_000;
    const entries = Buffer.concat(Array.from({ length: members }, () => entry));
    const end = Buffer.from(data.subarray(endAt(data)));
    end.writeUInt16LE(members, 8);
    end.writeUInt16LE(members, 10);
    end.writeUInt32LE(entries.length, 12);
    const file = Buffer.concat([data.subarray(0, entryAt(data, 0)), entries, end]);
    expectRefusal(file, 'member "a.npy" overlaps with member "a.npy"');
    expect(
      isNpyError(
        thrown(() => readNpzHeaders(file)),
        'NPY_ARCHIVE',
      ),
    ).toBe(true);
  });

  test('a member inside of another is refused', () => {
    const inner = encodeNpz({ inner: b }, { form: 'plain' });
    const outer = Buffer.from(encodeNpz({ a: { data: inner } }, { form: 'plain' }));
    const at = entryAt(outer, 1) > 0 ? outer.lastIndexOf('PK\x01\x02', undefined, 'latin1') : 0;
    const local = outer.indexOf('PK\x03\x04', 4, 'latin1');
    const entry = Buffer.from(inner.subarray(entryAt(inner, 0), endAt(inner)));
    entry.writeUInt32LE(local, 42);
    const end = Buffer.from(outer.subarray(endAt(outer)));
    end.writeUInt16LE(2, 8);
    end.writeUInt16LE(2, 10);
    end.writeUInt32LE(endAt(outer) - at + entry.length, 12);
    const file = Buffer.concat([outer.subarray(0, endAt(outer)), entry, end]);
    expectRefusal(file, 'member "inner.npy" overlaps with member "a.npy"');
  });

  test('a file full of records of an end takes no long time, and ends in an error', () => {
    expectRefusal(Buffer.from('PK\x05\x06'.repeat(50_000), 'latin1'), 'npz: ');
  });

  test('names of 65 535 bytes, and in messages only their start', () => {
    const name = 'x'.repeat(65_531);
    const file = encodeNpz({ [name]: a }, { form: 'plain' });
    const damaged = changed(file, 30 + 65_535 + 200, 99);
    const limits = { maxHeaderCharacters: 65_535 };
    for (const error of [refusalOf(damaged), thrown(() => decodeNpz(damaged, { limits }))]) {
      expect(isNpyError(error) && error.message.length).toBeLessThan(300);
    }
    expect(refusalOf(damaged).code).toBe('NPY_LIMIT');
  });
});

test('a .npy file is no archive, though an archive may stand in it', () => {
  expect(refusalOf(encode(a)).code).toBe('NPY_ARCHIVE');
  // Bytes in front of an archive do not belong to it, and its members are found all the same.
  const inside = Buffer.concat([encode(a), plain]);
  expect(Object.keys(decodeNpz(inside))).toEqual(['a', 'b']);
});

function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
