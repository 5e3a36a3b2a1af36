// prepareArray returns dtype, shape and size before it copies data, and its parts are those of encodeParts.
import { test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { encodeParts, isNpyError, ObjectStore, prepareArray, readHeader } from '../../src/core.ts';
import { array, prepareArray as prepareInput } from '../../src/index.ts';
import { pickle } from '../../src/pickle/index.ts';
import { thrownBy } from '../support/npy-files.ts';
import { randomArray } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

property.prop([randomArray])(
  'its parts are those of encodeParts, and it says their dtype, shape and size',
  ({ view }) => {
    const [header, body] = encodeParts(view);
    const prepared = prepareArray(view);
    const said = readHeader(header, { maxHeaderCharacters: Number.POSITIVE_INFINITY });
    expect(prepared.dtype).toBe(said?.dtype);
    expect(prepared.shape).toEqual(said?.shape);
    expect(prepared.byteLength).toBe(header.length + body.length);
    const parts = prepared.parts();
    expectSameBytes(parts[0], header);
    expectSameBytes(parts[1], body);
  },
);

test('nothing is taken for elements that lie apart, or that change their dtype, before the parts are asked for', () => {
  // A stride of 0 repeats one element: a copy of the array would take 8 TB.
  const repeated = { data: new Float64Array(1), shape: [2 ** 40], stride: [0], offset: 0 };
  expect(prepareArray(repeated).byteLength).toBe(128 + 2 ** 43);
  expect(prepareArray(repeated, { dtype: 'float32' }).byteLength).toBe(128 + 2 ** 42);
  expect(
    isNpyError(
      thrownBy(() => prepareArray(repeated, { dtype: 'float32' }).parts()),
      'NPY_LIMIT',
    ),
  ).toBe(true);
});

describe('what the parts refuse', () => {
  test('a value that does not fit', () => {
    const prepared = prepareArray({ data: Float64Array.of(300) }, { dtype: 'uint8' });
    expect(prepared.byteLength).toBe(129);
    expect(
      isNpyError(
        thrownBy(() => prepared.parts()),
        'NPY_VALUE',
      ),
    ).toBe(true);
  });

  test('memory that was transferred away, or shrank, since it was prepared', () => {
    const data = new Uint8Array(4);
    const away = prepareArray({ data });
    structuredClone(data.buffer, { transfer: [data.buffer] });
    expect(
      isNpyError(
        thrownBy(() => away.parts()),
        'NPY_ARRAY',
      ),
    ).toBe(true);
    const buffer = new ArrayBuffer(8, { maxByteLength: 8 });
    const shrunk = prepareArray({ data: new Uint8Array(buffer) });
    buffer.resize(4);
    expect(
      isNpyError(
        thrownBy(() => shrunk.parts()),
        'NPY_ARRAY',
      ),
    ).toBe(true);
  });
});

test('object arrays have no size yet', () => {
  const store = new ObjectStore([1, 'a']);
  const prepared = prepareArray({ data: store }, { objects: pickle });
  expect([prepared.dtype, prepared.shape, prepared.byteLength]).toEqual(['object', [2], undefined]);
  expect(prepared.parts()).toEqual(encodeParts({ data: store }, { objects: pickle }));
  expect(
    isNpyError(
      thrownBy(() => prepareArray({ data: store }).parts()),
      'NPY_OBJECTS',
    ),
  ).toBe(true);
});

test('the main entry takes whatever encode takes', () => {
  expect(prepareInput([[1, 2]], { dtype: '>i2' })).toMatchObject({ dtype: 'int16', shape: [1, 2], byteLength: 132 });
  const transposed = array([[1, 2, 3]]).transpose(1, 0);
  expect(prepareInput(transposed).parts()[1].length).toBe(24);
});
