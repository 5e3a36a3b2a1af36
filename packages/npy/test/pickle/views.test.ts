// An object array may contain arrays and scalars of numbers: toView and toElement convert them to views and elements, and fromView
// back, in whole files.
import { describe, expect, it } from 'vitest';
import { allocateStore, decode, encode, isNpyError, ObjectStore, toNested } from '../../src/core.ts';
import { NumpyArray, NumpyScalar } from '../../src/pickle/numpy/numpy-array.ts';
import { fromView, toElement, toView } from '../../src/pickle/numpy-views.ts';
import { pickle } from '../../src/pickle/pickle.ts';
import { tuple } from '../../src/pickle/values/builtin-classes.ts';

const objects = pickle;

describe('ragged arrays', () => {
  const rows = [Float32Array.of(1, 2), Float32Array.of(), Float32Array.of(3)];
  const file = encode({ data: new ObjectStore(rows.map((data) => fromView({ data }))) }, { objects });
  const ragged = decode(file, { dtype: 'object', objects });

  it('come back', () => {
    const views = ragged.data.raw.map((row) => toView(row as NumpyArray));
    expect(views.map(({ dtype }) => dtype)).toEqual(['float32', 'float32', 'float32']);
    expect(views.map((view) => toNested(view))).toEqual([[1, 2], [], [3]]);
  });

  it('are the memory that they are saved from', () => {
    const [first] = ragged.data.raw as NumpyArray[];
    const { data } = toView(first as NumpyArray);
    (data as Float32Array)[0] = 7;
    const again = decode(encode(ragged, { objects }), { dtype: 'object', objects });
    expect(toNested(toView(again.data.raw[0] as NumpyArray))).toEqual([7, 2]);
  });
});

describe('toView', () => {
  it.each([
    ['>i2', [2], Uint8Array.of(0, 1, 0, 2), [1, 2]],
    ['<i8', [1], Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), [1n]],
    ['|S3', [1], Uint8Array.of(97, 98, 0), [Uint8Array.of(97, 98)]],
    ['<U2', [], Uint8Array.of(97, 0, 0, 0, 0, 0, 0, 0), 'a'],
    [[['x', '>i2'], ['y', '|i1']], [1], Uint8Array.of(0, 1, 2), [{ x: 1, y: 2 }]], // biome-ignore format: one a line
  ] as const)('knows %j', (descr, shape, data, values) => {
    expect(toNested(toView(new NumpyArray(descr, { shape, data })))).toEqual(values);
  });

  it('keeps Fortran order, of numbers and of objects', () => {
    const numbers = new NumpyArray('|i1', { shape: [2, 2], fortranOrder: true, data: Uint8Array.of(1, 2, 3, 4) });
    expect(toView(numbers).stride).toEqual([1, 2]);
    expect(toNested(toView(numbers))).toEqual([[1, 3], [2, 4]]); // biome-ignore format: a matrix
    const items = ['a', 'b', 'c', 'd'];
    const view = toView(new NumpyArray('|O', { shape: [2, 2], fortranOrder: true, items }));
    expect(view.stride).toEqual([1, 2]);
    expect(toNested(view)).toEqual([['a', 'b'], ['c', 'd']]); // biome-ignore format: a matrix
  });

  it('wants an array', () => {
    expect(codeOf(() => toView([1] as unknown as NumpyArray))).toBe('NPY_ARRAY');
  });
});

describe('fromView', () => {
  it('takes steps and Fortran order as encode does', () => {
    const data = Int8Array.of(1, 2, 3, 4);
    const steps = fromView({ data, shape: [2], stride: [2] });
    expect(steps).toMatchObject({ shape: [2], fortranOrder: false, data: Uint8Array.of(1, 3) });
    const fortran = fromView({ data, shape: [2, 2], stride: [1, 2] });
    expect(fortran).toMatchObject({ shape: [2, 2], fortranOrder: true, data: Uint8Array.of(1, 2, 3, 4) });
  });

  it('takes objects, in C order', () => {
    const view = { data: new ObjectStore(['a', 'b', 'c', 'd']), shape: [2, 2], stride: [1, 2] };
    expect(fromView(view)).toMatchObject({ fortranOrder: true, items: ['a', 'c', 'b', 'd'] });
  });

  it('keeps units and fields', () => {
    for (const descr of [
      '<M8[25s]',
      [
        ['x', '<f4'],
        ['', '|V4'],
      ],
      '<U3',
    ] as const) {
      // biome-ignore format: one line
      expect(fromView({ data: allocateStore(descr, 2) }).dtype.descr).toEqual(descr);
    }
  });

  it('wants an array', () => {
    expect(codeOf(() => fromView({ data: ['a'] }))).toBe('NPY_ARRAY');
  });
});

describe('toElement', () => {
  it.each([
    ['<f4', Uint8Array.of(0, 0, 0xc0, 0x3f), 1.5],
    ['>i2', Uint8Array.of(1, 2), 258],
    ['<i8', Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255), -1n],
    ['|b1', Uint8Array.of(1), true],
    ['<M8[s]', Uint8Array.of(60, 0, 0, 0, 0, 0, 0, 0), 60n],
    ['<U2', Uint8Array.of(97, 0, 0, 0, 98, 0, 0, 0), 'ab'],
    [[['x', '>i2']], Uint8Array.of(1, 2), { x: 258 }], // biome-ignore format: one a line
  ] as const)('knows %j', (descr, data, value) => {
    const scalar = new NumpyScalar(descr, data);
    const saved = encode({ data: new ObjectStore([scalar]) }, { objects });
    const [read] = decode(saved, { dtype: 'object', objects }).data.raw;
    expect(toElement(read as NumpyScalar)).toEqual(value);
    expect(data).toEqual(scalar.data);
  });

  it('is the item itself where there are objects', () => {
    const item = new NumpyArray([['o', '|O']], { shape: [], items: [tuple('a')] });
    expect(toElement(new NumpyScalar([['o', '|O']], item))).toEqual(tuple('a'));
  });

  it('wants a scalar', () => {
    expect(codeOf(() => toElement(1 as unknown as NumpyScalar))).toBe('NPY_ARRAY');
  });
});

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return isNpyError(error) ? error.code : error;
  }
  return undefined;
}
