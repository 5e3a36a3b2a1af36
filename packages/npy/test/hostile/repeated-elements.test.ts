// A view may have far more elements than memory: its elements have no bytes, or a stride of 0 repeats them. No function loops over
// a million million of them.
import { describe, expect, test } from 'vitest';
import { decode, encode, type ObjectCodec, ObjectStore, toDate, toNested } from '../../src/core.ts';
import { allocateStore, array, DateTime64Store, Float8Store } from '../../src/index.ts';
import { field } from '../../src/operations/field.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { pickle } from '../../src/pickle/index.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

const many = (descr: string) => fileWithHeader(headerText({ descr, shape: '(1000000000000,)' }));
const limit = { code: 'NPY_LIMIT' };

describe('elements without bytes', () => {
  test('are a field in no time', () => {
    const x = field(decode(many("[('a', '|S0')]")), 'a');
    expect(x).toMatchObject({ dtype: 'bytes', shape: [10 ** 12] });
  });

  test('are not converted, nor listed', () => {
    expect(thrownBy(() => encode(decode(many("'<U0'")), { dtype: '|S0' }))).toMatchObject(limit);
    expect(
      thrownBy(() => toNested(decode(fileWithHeader(headerText({ descr: "'|S0'", shape: '(100000000,)' }))))),
    ).toMatchObject(limit);
  });
});

describe('one element, repeated', () => {
  const repeated = { data: new Uint8Array(1), shape: [2 ** 31], stride: [0] };
  const objects = { data: new ObjectStore([1]), shape: [2 ** 33], stride: [0] };

  test('is not listed, converted or pickled two milliards of times', () => {
    expect(thrownBy(() => toNested(repeated))).toMatchObject(limit);
    expect(thrownBy(() => encode(repeated, { dtype: 'float32' }))).toMatchObject(limit);
    expect(thrownBy(() => encode(objects, { objects: pickle }))).toMatchObject(limit);
  });

  test('may be a thousand times', () => {
    expect(toNested({ ...repeated, shape: [1000] })).toHaveLength(1000);
  });
});

describe('invalid arguments', () => {
  test.each<[string, () => unknown, string]>([
    ['a count that is no whole number', () => toDate(5.5, 'D'), 'NPY_VALUE'],
    ['no count', () => toDate(undefined as never, 'D'), 'NPY_VALUE'],
    ['no unit', () => toDate(5n, null as never), 'NPY_DESCR'],
    ['a unit of the prototype', () => toDate(5n, { name: 'constructor', count: 1 } as never), 'NPY_DESCR'],
    ['a unit of one and a half', () => toDate(5n, { name: 'D', count: 1.5 }), 'NPY_DESCR'],
    ['a store of such a unit', () => new DateTime64Store({ name: 'zz', count: 1 } as never, 3), 'NPY_DESCR'],
    ['a list longer than lists are', () => allocateStore('object', 2 ** 32), 'NPY_LIMIT'],
    ['no list', () => new ObjectStore(null as never), 'NPY_ARRAY'],
    ['an invalid short float', () => new Float8Store('constructor' as never, 3), 'NPY_DESCR'],
    ['an invalid codec', () => encode({ data: new ObjectStore([1]) }, { objects: {} as ObjectCodec }), 'NPY_OBJECTS'],
    ['a field by a bigint', () => field(array([{ a: 1 }], { dtype: [['a', '<i4']] }), 1n as never), 'NPY_VALUE'],
    [
      'a dtype by a symbol',
      () => field(array([{ a: 1 }], { dtype: [['a', '<i4']] }), 'a', { dtype: Symbol('s') as never }),
      'NPY_DESCR',
    ],
  ])('%s', (_, call, code) => {
    expect(thrownBy(call)).toMatchObject({ name: 'NpyError', code });
  });

  test('a codec that answers no array', () => {
    const file = encode({ data: new ObjectStore([1]) }, { objects: pickle });
    const codec = { ...pickle, decode: () => null } as unknown as ObjectCodec;
    expect(thrownBy(() => decode(file, { objects: codec }))).toMatchObject({ code: 'NPY_OBJECTS' });
    expect(toNested(decode(file, { objects: pickle, limits: null as never }))).toEqual([1]);
  });

  test('a long unit is cut in the message', () => {
    const error = thrownBy(() => new DateTime64Store('x'.repeat(1_000_000), 1)) as Error;
    expect(error.message.length).toBeLessThan(150);
    expect(fromNested([1n], '<M8[D]').data).toMatchObject({ descr: '<M8[D]' });
  });
});
