// An array has at most 64 axes, those of its fields included. The limit is checked before an ndarray is made, because the ndarray package
// makes a class for each number of axes up to that of the array.
import { describe, expect, test } from 'vitest';
import { array, decode, encode, field, readHeader, StructStore, toNested } from '../../src/index.ts';
import { NumpyArray, pickle } from '../../src/pickle/index.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

const ones = (count: number): string => `(${'1,'.repeat(count)})`;
const file = (descr: string, shape: string) => fileWithHeader(headerText({ descr, shape }), 1, new Uint8Array(64));
const tooMany = (fault: 'data' | 'caller') => ({ name: 'NpyError', code: 'NPY_SHAPE', fault });

describe('more than 64 axes in all are NPY_SHAPE', () => {
  test.each([
    ['of the array', "'<i4'", ones(65)],
    ['of the array and of a field', "[('a', '<i4', (1,1))]", ones(63)],
    ['of arrays in arrays in a field', `[('a', ('<i4', ${ones(40)}), ${ones(24)})]`, '(1,)'],
    ['of arrays in structures in a field', `[('a', [('b', '<i4', ${ones(40)})], ${ones(24)})]`, '(1,)'],
    ['of hundreds of arrays in arrays', `[('a', ${"('<i4', (1,))".padStart(1)}, ${ones(500)})]`, '(1,)'],
    ['of a comma string', "'(1,1)<i4,<f4'", ones(63)],
    ['of no bytes', "'|S0'", ones(65)],
  ])('%s', (_, descr, shape) => {
    for (const read of [decode, readHeader])
      expect(thrownBy(() => read(file(descr, shape)))).toMatchObject(tooMany('data'));
  });

  test('and 64 are read, a field at a time', () => {
    const read = decode(file(`[('a', ('<i4', ${ones(30)}), ${ones(30)})]`, ones(4)));
    expect(field(read, 'a').shape).toHaveLength(64);
    expect(JSON.stringify(toNested(read))).toContain('{"a":[');
  });

  test('of arrays in a pickle', () => {
    const state = (shape: string, dtype: string) =>
      Buffer.from(
        `\x80\x02cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01(${shape}t${dtype}\x89](Netb.`,
        'latin1',
      );
    const object = 'cnumpy\ndtype\nU\x02O8K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb';
    expect(thrownBy(() => pickle.decode(state('K\x01'.repeat(65), object)))).toMatchObject(tooMany('data'));
    const rows = `cnumpy\ndtype\nU\x02V1K\0K\x01\x87R(K\x03U\x01|cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(${'K\x01'.repeat(65)}t\x86NNK\x01K\x01K\0tb`;
    expect(thrownBy(() => pickle.decode(state('K\x01', rows)))).toMatchObject(tooMany('data'));
  });

  test('of what a caller makes', () => {
    const rows = (count: number) => new Array<number>(count).fill(1);
    const store = new StructStore([['a', '|u1', rows(40)]], 1);
    expect(thrownBy(() => encode({ data: store, shape: rows(25) }))).toMatchObject(tooMany('caller'));
    expect(thrownBy(() => new StructStore([['a', ['|u1', rows(40)], rows(40)]], 1))).toMatchObject(tooMany('caller'));
    // Without axes of fields the error is about the array alone.
    const own = { name: 'NpyError', code: 'NPY_ARRAY', fault: 'caller' };
    expect(thrownBy(() => array([1], { shape: rows(65) }))).toMatchObject(own);
    expect(thrownBy(() => new NumpyArray('<i4', { shape: rows(65), data: new Uint8Array(4) }))).toMatchObject(own);
  });
});
