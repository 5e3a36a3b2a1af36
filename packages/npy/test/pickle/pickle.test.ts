// The codec of object arrays: its results, how changed values are written, and which values it refuses.
import { describe, expect, it } from 'vitest';
import type { Descr } from '../../src/core.ts';
import type { StringDType } from '../../src/dtype/stringdtype.ts';
import { isNpyError } from '../../src/errors.ts';
import type { ObjectArray } from '../../src/objects/object-codec.ts';
import { NumpyArray, NumpyScalar } from '../../src/pickle/numpy/numpy-array.ts';
import { NumpyDType } from '../../src/pickle/numpy/numpy-dtype.ts';
import { pickle } from '../../src/pickle/pickle.ts';
import { readPickle } from '../../src/pickle/read/pickle-reader.ts';
import {
  PyByteArray,
  PyFrozenSet,
  PyOrderedDict,
  PyRange,
  PyStr,
  PyTuple,
  PyUuid,
  tuple,
} from '../../src/pickle/values/builtin-classes.ts';
import { PyDate, PyDateTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';
import { writePickle } from '../../src/pickle/write/pickle-writer.ts';

const dialect = { protocol: 4, numpyCore: 'numpy._core' } as const;

function array(...items: unknown[]): ObjectArray {
  return { descr: '|O', shape: [items.length], fortranOrder: false, items };
}

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return isNpyError(error) ? error.code : error;
  }
  return undefined;
}

describe('decode', () => {
  it('reads plain values plainly', () => {
    const { descr, shape, fortranOrder, items } = pickle.decode(
      pickle.encode(array(1, 'a', null, 1.5, true, [2n ** 70n])),
    );
    expect({ descr, shape: [...shape], fortranOrder, items }).toEqual({
      descr: '|O',
      shape: [6],
      fortranOrder: false,
      items: [1, 'a', null, 1.5, true, [2n ** 70n]],
    });
  });

  it('says where the pickle ends', () => {
    const body = pickle.encode(array(1));
    const two = new Uint8Array([...body, ...body]);
    const { byteLength } = pickle.decode(two);
    expect(byteLength).toBe(body.length);
    expect(pickle.decode(two.subarray(byteLength)).items).toEqual([1]);
  });

  it('says as which NumPy it was written', () => {
    const old = pickle.with({ protocol: 3, numpyCore: 'numpy.core' }).encode(array(1));
    expect(pickle.decode(old).source.versions).toEqual({ protocol: 3, numpyCore: 'numpy.core' });
    expect(pickle.encode(pickle.decode(old))).toEqual(old);
    expect(pickle.with({ protocol: 4, numpyCore: 'numpy._core' }).encode(pickle.decode(old))).toEqual(
      pickle.encode(array(1)),
    );
  });

  it('shares nothing with the bytes given', () => {
    const body = pickle.encode(array(Uint8Array.of(1, 2, 3)));
    const buffer = Buffer.from(body);
    const [{ items }, { items: ofBuffer }] = [pickle.decode(body), pickle.decode(buffer)];
    body.fill(0);
    buffer.fill(0);
    expect(items).toStrictEqual([Uint8Array.of(1, 2, 3)]);
    expect(ofBuffer).toStrictEqual([Uint8Array.of(1, 2, 3)]);
  });

  it('wants bytes', () => {
    expect(codeOf(() => pickle.decode('N.' as unknown as Uint8Array))).toBe('NPY_ARRAY');
  });

  it('keeps to its limits', () => {
    const body = pickle.encode(array(1, 2, 3));
    expect(codeOf(() => pickle.decode(body, { maxElements: 2 }))).toBe('NPY_LIMIT');
    expect(codeOf(() => pickle.decode(body, { maxBytes: body.length - 1 }))).toBe('NPY_LIMIT');
    expect(pickle.decode(body, { maxElements: 3, maxBytes: body.length }).items).toEqual([1, 2, 3]);
  });

  it('wants an array of objects', () => {
    expect(codeOf(() => pickle.decode(writePickle([1], dialect)))).toBe('NPY_PICKLE');
    const numbers = new NumpyArray('<i2', { shape: [1], data: Uint8Array.of(1, 0) });
    expect(codeOf(() => pickle.decode(writePickle(numbers, dialect)))).toBe('NPY_PICKLE');
  });

  it.each<Descr | StringDType>([
    [
      ['a', '<i4'],
      ['b', '|O'],
    ],
    [
      ['a', '<i4'],
      ['', '|V4'],
      [['title', 'b'], '|O', [2, 3]],
      ['', '|V1'],
    ],
    [
      [
        'p',
        [
          ['x', '>M8[25s]'],
          ['y', '<U3'],
        ],
      ],
      ['o', [['z', '|O']]],
    ],
    { stringdtype: { coerce: true } },
    { stringdtype: { coerce: false, na_object: null } },
  ])('tells the descr %j', (descr) => {
    const empty: ObjectArray = { descr, shape: [0], fortranOrder: false, items: [] };
    expect(pickle.decode(pickle.encode(empty)).descr).toEqual(descr);
    expect(pickle.decode(pickle.with({ protocol: 3, numpyCore: 'numpy.core' }).encode(empty)).descr).toEqual(descr);
  });
});

describe('values that Map and Set hold otherwise', () => {
  it('keeps -0 and several NaNs as keys', () => {
    const keys = [new PyFloat(-0), Number.NaN, new PyFloat(Number.NaN), new PyFloat(Number.NaN)];
    const body = writePickle([new Map(keys.map((key) => [key, 1])), new Set(keys), new PyFrozenSet(keys)], dialect);
    const { value, identities } = readPickle(body);
    expect((value as Set<unknown>[]).map(({ size }) => size)).toEqual([4, 4, 4]);
    expect(writePickle(value, dialect, identities)).toEqual(body);
    const old = { protocol: 3, numpyCore: 'numpy.core' } as const;
    expect(writePickle(readPickle(writePickle(value, old)).value, dialect)).toEqual(body);
  });
});

describe('an array that was changed after it was read', () => {
  // The array has two equal strs that are two objects in Python, and the second of them occurs twice: 'ab', 'ab', and again the
  // second 'ab'.
  const apart = Uint8Array.from(
    Buffer.from(
      Buffer.from(pickle.encode(array('ab', 'cd', 'cd')))
        .toString('latin1')
        .replace('\x8c\x02cd', '\x8c\x02ab'),
      'latin1',
    ),
  );

  it('is written as it was when it was not', () => {
    const read = pickle.decode(apart);
    expect(read.items).toEqual(['ab', 'ab', 'ab']);
    expect(pickle.encode(read)).toEqual(apart);
    expect(pickle.encode({ ...read })).toEqual(apart);
    expect(pickle.encode({ ...read, source: undefined } as unknown as ObjectArray)).not.toEqual(apart);
  });

  it.each([0, 1, 2])('has its new item %i', (i) => {
    const read = pickle.decode(apart);
    read.items[i] = 'xyz';
    const expected = ['ab', 'ab', 'ab'].with(i, 'xyz');
    expect(pickle.decode(pickle.encode(read)).items).toEqual(expected);
    expect(pickle.decode(pickle.encode({ ...read, items: [...read.items] })).items).toEqual(expected);
  });

  it('has its new shape, and must fit it', () => {
    const read = pickle.decode(apart);
    expect([...pickle.decode(pickle.encode({ ...read, shape: [3, 1] })).shape]).toEqual([3, 1]);
    expect(codeOf(() => pickle.encode({ ...read, shape: [2] }))).toBe('NPY_VALUE');
    read.items.push(1);
    expect(codeOf(() => pickle.encode(read))).toBe('NPY_VALUE');
  });

  it('has the new parts of what lies in it', () => {
    const inner = new NumpyArray('|O', { shape: [2], items: [1, 2] });
    const read = pickle.decode(pickle.encode(array({ re: 1, im: 2 }, inner, new PyByteArray(Uint8Array.of(1)))));
    const [complex, nested, bytes] = read.items as [{ re: number }, NumpyArray, PyByteArray];
    complex.re = 7;
    nested.items?.splice(0, 1, 'new');
    bytes.bytes[0] = 9;
    const again = pickle.decode(pickle.encode(read)).items as [unknown, NumpyArray, PyByteArray];
    expect(again[0]).toEqual({ re: 7, im: 2 });
    expect(again[1].items).toEqual(['new', 2]);
    expect(again[2].bytes).toEqual(Uint8Array.of(9));
  });
});

describe('encode', () => {
  it.each<[string, unknown]>([
    ['undefined', undefined],
    ['a function', () => 1],
    ['a symbol', Symbol('x')],
    ['a Date', new Date(0)],
    ['a plain object', { a: 1 }],
    ['an object of no class', Object.create(null)],
    ['other typed arrays', new Float32Array(2)],
    ['a list as a key', new Map([[[1], 1]])],
    ['a list in a set', new Set([[1]])],
    ['a dict in a frozenset', new PyFrozenSet([new Map()])],
    [
      'keys of a dict that are one in Python',
      new Map<unknown, number>([
        [6, 0],
        [6n, 1],
      ]),
    ],
    [
      'keys of an OrderedDict that are one in Python',
      new PyOrderedDict([
        [1, 0],
        [true, 1],
      ]),
    ],
    ['items of a set that are one in Python', new Set([tuple('a', 1), tuple('a', new PyFloat(1))])],
    ['items of a frozenset that are one in Python', new PyFrozenSet([0, false])],
    ['an invalid date', new PyDate(2021, 2, 29)],
    ['an invalid datetime', new PyDateTime(2021, 1, 1, { hour: 24 })],
    ['an offset of a day', new PyTimeZone(new PyTimeDelta(1))],
    ['a timedelta that is not normalised', new PyTimeDelta(0, 86_400)],
    ['an invalid Decimal', new PyDecimal('1,5')],
    ['a Fraction by 0', new PyFraction(1n, 0n)],
    ['a UUID below 0', new PyUuid(-1n)],
    ['a range without a step', new PyRange(0, 1, 0)],
  ])('refuses %s', (_, value) => {
    expect(codeOf(() => pickle.encode(array(value)))).toBe('NPY_VALUE');
    expect(codeOf(() => pickle.with({ protocol: 3 }).encode(array([value])))).toBe('NPY_VALUE');
  });

  it('refuses what is nested too deep', () => {
    let deep: unknown[] = [];
    for (let i = 0; i < 5000; i++) deep = [deep];
    expect(codeOf(() => pickle.encode(array(deep)))).toBe('NPY_VALUE');
  });

  it('refuses bytes whose memory was transferred away', () => {
    const gone = Uint8Array.of(1);
    structuredClone(gone, { transfer: [gone.buffer] });
    expect(codeOf(() => pickle.encode(array(gone)))).toBe('NPY_ARRAY');
    expect(codeOf(() => pickle.encode(array(new PyByteArray(gone))))).toBe('NPY_ARRAY');
  });

  it.each<[Descr | StringDType, number[], unknown[]]>([
    ['<i4', [1], [1]],
    ['|O', [2], [1]],
    ['|O', [-1], []],
    ['|O', [1.5], [1]],
  ])('refuses an array of descr %j and shape %j that is invalid', (descr, shape, items) => {
    expect(codeOf(() => pickle.encode({ descr, shape, fortranOrder: false, items }))).toBe('NPY_VALUE');
  });

  it.each<Descr>(['<q9', '<M8[x]', Array.from({ length: 3 }, () => ['a', '<i4'] as const)])(
    'refuses the descr %j',
    (descr) => {
      expect(codeOf(() => pickle.encode({ descr, shape: [0], fortranOrder: false, items: [] }))).toBe('NPY_DESCR');
    },
  );

  it('refuses scalars and arrays whose bytes do not fit', () => {
    expect(codeOf(() => new NumpyScalar('<f4', new Uint8Array(3)))).toBe('NPY_VALUE');
    expect(codeOf(() => new NumpyArray('<f4', { shape: [2], data: new Uint8Array(7) }))).toBe('NPY_VALUE');
  });

  it.each([[undefined], [null], [3], ['text']])('refuses %s in the place of an array, or of its parts', (none) => {
    expect(codeOf(() => pickle.encode(none as never))).toBe('NPY_VALUE');
    expect(codeOf(() => new NumpyArray('<f4', none as never))).toBe('NPY_VALUE');
  });

  it('writes an array that holds itself', () => {
    const items: unknown[] = [];
    const self = array(items);
    items.push(items, tuple(items));
    const [list] = pickle.decode(pickle.encode(self)).items as [unknown[]];
    expect(list[0]).toBe(list);
    expect((list[1] as PyTuple)[0]).toBe(list);
  });
});

describe('values', () => {
  it('behave', () => {
    expect(+new PyFloat(2) + 1).toBe(3);
    expect(JSON.stringify([new PyFloat(2)])).toBe('[2]');
    expect(`${new PyStr([0xd83d, 0xde00])}`).toBe('\u{1f600}');
    expect(`${new PyDecimal('1.50')} ${new PyUuid(5n)}`).toBe('1.50 00000000-0000-0000-0000-000000000005');
    expect(tuple(1, 2).map(String)).not.toBeInstanceOf(PyTuple);
    expect(new PyFraction(1n, 2n)).toEqual({ numerator: 1n, denominator: 2n });
    expect(`${NumpyDType.of('<i4')}`).toBe('<i4');
  });

  it('become Dates where that is exact', () => {
    const zone = new PyTimeZone(new PyTimeDelta(0, 3600));
    expect(new PyDate(99, 1, 2).toDate().toISOString()).toBe('0099-01-02T00:00:00.000Z');
    const clock = { hour: 3, microsecond: 5000, tzinfo: zone };
    expect(new PyDateTime(2020, 1, 2, clock).toDate()?.toISOString()).toBe('2020-01-02T02:00:00.005Z');
    expect(new PyDateTime(2020, 1, 2, { microsecond: 1 }).toDate()).toBeUndefined();
    expect(new PyTimeDelta(-1, 1, 2).toMicroseconds()).toBe(-86_398_999_998n);
  });
});
