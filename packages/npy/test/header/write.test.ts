// A header is written as NumPy writes it: its text, the spaces for growth, the padding, the version.
import { describe, expect, test } from 'vitest';
import type { NpyVersion } from '../../src/core.ts';
import { writeHeader } from '../../src/header/write.ts';
import { thrownBy } from '../support/npy-files.ts';

const textOf = (bytes: Uint8Array, prefix = 10): string => Buffer.from(bytes.subarray(prefix)).toString('latin1');

describe('the text', () => {
  test('has sorted keys, one space, a trailing comma, then growth, padding and a line break', () => {
    const bytes = writeHeader({ descrText: "'<f4'", fortranOrder: false, shape: [2, 3] });
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
    expect(textOf(bytes)).toBe(`${text.padEnd(117)}\n`);
    expect([...bytes.subarray(0, 10)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  });

  test.each([
    [[], '()'],
    [[3], '(3,)'],
    [[0, 3], '(0, 3)'],
    [[-0], '(0,)'],
    [[2 ** 53 - 1], '(9007199254740991,)'],
  ])('writes shape %j as %s', (shape, text) => {
    expect(textOf(writeHeader({ descrText: "'<f4'", fortranOrder: false, shape }))).toContain(`'shape': ${text}, }`);
  });
});

describe('the length', () => {
  test('is a multiple of 64, whatever the text', () => {
    for (let n = 0; n < 300; n++) {
      const bytes = writeHeader({ descrText: `'${'x'.repeat(n)}'`, fortranOrder: false, shape: [] });
      expect(bytes.length % 64).toBe(0);
    }
  });

  test('gets 64 more bytes where the text ends at a step already', () => {
    const unpadded = 10 + "{'descr': '', 'fortran_order': False, 'shape': (), }".length + 1;
    const sizeOf = (end: number): number =>
      writeHeader({ descrText: `'${'x'.repeat(end - unpadded)}'`, fortranOrder: false, shape: [] }).length;
    expect([126, 127, 128, 129, 191, 192].map(sizeOf)).toEqual([128, 128, 192, 192, 192, 256]);
  });

  test('leaves room for the growing axis to reach 21 digits: the first, or the last in Fortran order', () => {
    const grown = (shape: number[], fortranOrder: boolean, n: number): number =>
      writeHeader({ descrText: `'${'x'.repeat(n)}'`, fortranOrder, shape }).length;
    // A digit more in the axis that may grow takes one of the spaces; in another axis it makes the text longer.
    for (let n = 0; n < 128; n++) {
      expect(grown([1, 5], false, n)).toBe(grown([1000, 5], false, n));
      expect(grown([5, 1], true, n)).toBe(grown([5, 1000], true, n));
    }
    const moves = (a: number[], b: number[], fortranOrder: boolean): boolean =>
      Array.from({ length: 128 }, (_, n) => grown(a, fortranOrder, n) !== grown(b, fortranOrder, n)).some(Boolean);
    expect(moves([5, 1], [5, 1000], false)).toBe(true);
    expect(moves([1, 5], [1000, 5], true)).toBe(true);
  });
});

describe('the version', () => {
  const long = (n: number) => ({ descrText: `'${'x'.repeat(n)}'`, fortranOrder: false, shape: [] });

  test('is 1.0 as long as the padded length fits 16 bits, the last being 65 526', () => {
    const sizes = [65_400, 65_460, 65_470, 65_490, 65_536].map((n) => {
      const bytes = writeHeader(long(n));
      return [bytes[6], bytes.length];
    });
    expect(sizes[0]?.[0]).toBe(1);
    expect(sizes[4]?.[0]).toBe(2);
    for (const [major, length] of sizes)
      expect(length).toSatisfy((n: number) => n % 64 === 0 && (major === 2 || n <= 65_536));
    let last = 0;
    for (let n = 65_440; n < 65_536; n++) if (writeHeader(long(n))[6] === 1) last = Math.max(last, n);
    const bytes = writeHeader(long(last));
    expect(bytes.length).toBe(65_536);
    expect((bytes[8] ?? 0) + 256 * (bytes[9] ?? 0)).toBe(65_526);
  });

  test('is 1.0 for latin-1 and 3.0 from U+0100 on', () => {
    expect(writeHeader({ ...long(0), descrText: "'é'" })[6]).toBe(1);
    const bytes = writeHeader({ ...long(0), descrText: "'ā'" });
    expect(bytes[6]).toBe(3);
    expect(bytes.length % 64).toBe(0);
    expect(Buffer.from(bytes.subarray(12)).toString('utf8')).toContain("'ā'");
  });

  test.each([1, 2, 3] as const)('can be asked for: %i.0', (major) => {
    const bytes = writeHeader({ descrText: "'<f4'", fortranOrder: true, shape: [3] }, [major, 0]);
    expect([...bytes.subarray(6, 8)]).toEqual([major, 0]);
    expect(bytes.length).toBe(128);
    expect(textOf(bytes, major === 1 ? 10 : 12)).toMatch(
      /^\{'descr': '<f4', 'fortran_order': True, 'shape': \(3,\), \} +\n$/,
    );
  });

  test('that cannot hold the text is refused', () => {
    expect(thrownBy(() => writeHeader(long(70_000), [1, 0]))).toMatchObject({
      code: 'NPY_HEADER',
      fault: 'caller',
      message: 'npy header: version 1.0 cannot hold this header',
    });
    expect(thrownBy(() => writeHeader({ ...long(0), descrText: "'ā'" }, [2, 0]))).toMatchObject({ code: 'NPY_HEADER' });
  });

  test.each([[[9, 0]], [[1, 1]], [[]], [['1', 0]], ['1.0'], [null], [{}]])('%j is invalid', (version) => {
    expect(thrownBy(() => writeHeader(long(3), version as unknown as NpyVersion))).toMatchObject({
      code: 'NPY_VERSION',
      fault: 'caller',
      message: 'npy: version must be [1, 0], [2, 0] or [3, 0]',
    });
  });
});
