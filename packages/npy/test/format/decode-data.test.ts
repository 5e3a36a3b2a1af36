// decodeData makes arrays of bare elements, whose dtype and shape the caller passes beside them.
import { describe, expect, test } from 'vitest';
import { decodeData as decodeView } from '../../src/core.ts';
import { array, decode, decodeData, dtypeOf, encode, encodeParts, readHeader, toNested } from '../../src/index.ts';

const elements = new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0]);

describe('decodeData', () => {
  test('makes an array of bare elements, as a view on their memory', () => {
    const found = decodeData(elements, { dtype: 'uint16', shape: [2, 3] });
    expect(toNested(found)).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(dtypeOf(found)).toBe('uint16');
    expect(found.data.buffer).toBe(elements.buffer);
    expect(decodeData(elements, { dtype: 'uint16', shape: [6], copy: true }).data.buffer).not.toBe(elements.buffer);
  });

  test('takes a byte order, Fortran order, and what readHeader returned', () => {
    expect(toNested(decodeData(new Uint8Array([1, 0, 2, 0]), { dtype: '>u2', shape: [2] }))).toEqual([256, 512]);
    expect(toNested(decodeData(elements, { dtype: 'uint16', shape: [2, 3], fortranOrder: true }))).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    const file = encode(array([[1.5, 2.5]]), { descr: '>f4', fortranOrder: true });
    const { descr, shape, fortranOrder, dataOffset = 0 } = readHeader(file) ?? {};
    const data = file.subarray(dataOffset);
    expect(decodeData(data, { descr: descr ?? '', shape: shape ?? [], fortranOrder: fortranOrder ?? false })).toEqual(
      decode(file),
    );
  });

  test('the data of encodeParts comes back, in a view of the core as well', () => {
    const [, data] = encodeParts(array(['long', 'words'], { dtype: '<U5' }));
    expect(toNested(decodeView(data, { dtype: '<U5', shape: [2] }))).toEqual(['long', 'words']);
  });

  test('ignores bytes behind the last element, and takes no bytes for none', () => {
    expect(decodeData(elements, { dtype: 'uint8', shape: [2] }).size).toBe(2);
    expect(decodeData(new Uint8Array(0), { dtype: 'float64', shape: [0, 3] }).shape).toEqual([0, 3]);
  });

  test.each([
    ['too few bytes', { dtype: 'float64', shape: [2] }, 'NPY_TRUNCATED'],
    ['no shape', { dtype: 'uint8' }, 'NPY_ARRAY'],
    ['an axis of half an element', { dtype: 'uint8', shape: [0.5] }, 'NPY_ARRAY'],
    ['a dtype without a width', { dtype: 'str', shape: [1] }, 'NPY_DESCR'],
    ['an unknown dtype', { dtype: 'uint9', shape: [1] }, 'NPY_DESCR'],
    ['objects', { dtype: 'object', shape: [1] }, 'NPY_OBJECTS'],
    ['a misspelt option', { dtype: 'uint8', shapes: [1] }, 'NPY_OPTION'],
    ['more elements than there can be', { dtype: 'uint8', shape: [2 ** 40, 2 ** 40] }, 'NPY_ARRAY'],
  ])('%s: %j', (_, options, code) => {
    expect(() => decodeData(elements, options as never)).toThrow(expect.objectContaining({ code }));
  });
});
