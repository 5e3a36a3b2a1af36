// Arrays are written as a literal in Python and as the equal literal in TypeScript: np.save writes the same bytes for the first as
// encode for the second.

import type { Descr } from '../../src/dtype/descr.ts';
import type { StringDType } from '../../src/dtype/stringdtype.ts';
import type { ObjectArray } from '../../src/objects/object-codec.ts';
import { NumpyArray, NumpyScalar } from '../../src/pickle/numpy/numpy-array.ts';
import { NumpyDType } from '../../src/pickle/numpy/numpy-dtype.ts';
import {
  PyByteArray,
  PyFrozenSet,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyUuid,
  tuple,
} from '../../src/pickle/values/builtin-classes.ts';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';

export interface Natural {
  /** A Python expression. */
  readonly source: string;
  readonly array: ObjectArray;
  /** NumPy 1 does not have StringDType. */
  readonly numpy2?: true;
}

function array(
  descr: Descr | StringDType,
  items: unknown[],
  shape = [items.length],
  fortranOrder = false,
): ObjectArray {
  return { descr, shape, fortranOrder, items };
}

/** Returns the Python expression of an array of one axis with these objects. */
function objects(source: string, ...items: unknown[]): Natural {
  const python = `(lambda xs: [a := np.empty(len(xs), object), [a.__setitem__(i, x) for i, x in enumerate(xs)]][0])((${source},))`;
  return { source: python, array: array('|O', items) };
}

function strings(source: string, descr: StringDType, ...items: unknown[]): Natural {
  return { source, array: array(descr, items), numpy2: true };
}

const utc = new PyTimeZone(new PyTimeDelta(0));
const bytes = (...values: number[]) => Uint8Array.from(values);
const shared = [1, 2];
const zeros = (count: number) => new Uint8Array(count);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

export const naturals: readonly Natural[] = [
  { source: "np.array([1, 'a', None], dtype=object)", array: array('|O', [1, 'a', null]) },
  { source: 'np.array(5, dtype=object)', array: array('|O', [5], []) },
  { source: 'np.empty((0, 3), object)', array: array('|O', [], [0, 3]) },
  {
    source: "np.array([['a', 'b'], ['c', 'd']], dtype=object, order='F')",
    array: array('|O', ['a', 'b', 'c', 'd'], [2, 2], true),
  },
  objects("'abc', 'abc', 'hello world', 'hello world', '', ''", 'abc', 'abc', 'hello world', 'hello world', '', ''),
  objects(
    "'numpy', 'ndarray', 'dtype', 'O8', '|', 'builtins', 1j, 'complex', 'numpy._core.multiarray', 'numpy.core.multiarray'",
    ...['numpy', 'ndarray', 'dtype', 'O8', '|', 'builtins', { re: 0, im: 1 }],
    ...['complex', 'numpy._core.multiarray', 'numpy.core.multiarray'],
  ),
  objects('1.5, 1.0, -0.0, float("nan"), float("inf"), 1e300', 1.5, new PyFloat(1), -0, Number.NaN, Infinity, 1e300),
  objects('0, 255, 256, 65535, 65536, -1, 2**31 - 1, 2**31', 0, 255, 256, 65535, 65536, -1, 2 ** 31 - 1, 2 ** 31),
  objects('-2**31, -2**31 - 1, 2**53, 2**63, -2**63', -(2 ** 31), -(2 ** 31) - 1, 2n ** 53n, 2n ** 63n, -(2n ** 63n)),
  objects('2**2047, -2**2047, 127, 128, -128, -129', 2n ** 2047n, -(2n ** 2047n), 127, 128, -128, -129),
  objects('True, False, None, ()', true, false, null, tuple()),
  objects(
    "b'', b'', b'x', b'x', b'b', b'abc', bytearray(b'b'), bytearray()",
    ...[bytes(), bytes(), bytes(120), bytes(120), bytes(98), bytes(97, 98, 99)],
    ...[new PyByteArray(bytes(98)), new PyByteArray(bytes())],
  ),
  objects(
    '[], [1], [1, 2], (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)',
    [],
    [1],
    shared,
    tuple(1),
    tuple(1, 2),
    tuple(1, 2, 3),
    tuple(1, 2, 3, 4),
  ),
  objects(
    "{}, {'a': 1}, {'a': 1, 'b': [2]}",
    new Map(),
    new Map([['a', 1]]),
    new Map<string, unknown>([
      ['a', 1],
      ['b', [2]],
    ]),
  ),
  objects('set(), {1}, frozenset(), frozenset({1})', new Set(), new Set([1]), new PyFrozenSet(), new PyFrozenSet([1])),
  objects('*[[1, 2]] * 3', shared, shared, shared),
  objects('list(range(999)), list(range(1000)), list(range(1001))', range(999), range(1000), range(1001)),
  objects(
    'dict.fromkeys(range(999)), dict.fromkeys(range(1000)), dict.fromkeys(range(1001))',
    ...[999, 1000, 1001].map((n) => new Map(range(n).map((i) => [i, null]))),
  ),
  objects(
    '*(collections.OrderedDict.fromkeys(range(n)) for n in (0, 1, 2, 1000, 1001, 1002))',
    ...[0, 1, 2, 1000, 1001, 1002].map((n) => new PyOrderedDict(range(n).map((i) => [i, null]))),
  ),
  objects(
    'set(range(1000)), set(range(1001)), frozenset(range(1001))',
    new Set(range(1000)),
    new Set(range(1001)),
    new PyFrozenSet(range(1001)),
  ),
  objects(
    "'x' * 65535, 'y' * 65536, b'z' * 65535, b'w' * 70000, 1, 2",
    'x'.repeat(65535),
    'y'.repeat(65536),
    new Uint8Array(65535).fill(122),
    new Uint8Array(70000).fill(119),
    1,
    2,
  ),
  objects('*(str(i) * 3 for i in range(1000, 13000))', ...range(12000).map((i) => String(i + 1000).repeat(3))),
  objects(
    "'\\ud800', '\\U0001f600', '\\u20ac', 'x' * 255, 'x' * 256",
    '\ud800',
    '\u{1f600}',
    '\u20ac',
    'x'.repeat(255),
    'x'.repeat(256),
  ),
  objects(
    'dt.date(2020, 1, 2), dt.timedelta(1, 2, 3), dt.timedelta(-1)',
    new PyDate(2020, 1, 2),
    new PyTimeDelta(1, 2, 3),
    new PyTimeDelta(-1),
  ),
  objects(
    'dt.datetime(2020, 1, 2, 3, 4, 5, 6), dt.datetime(2020, 1, 2, fold=1, tzinfo=dt.timezone.utc), dt.timezone.utc',
    new PyDateTime(2020, 1, 2, { hour: 3, minute: 4, second: 5, microsecond: 6 }),
    new PyDateTime(2020, 1, 2, { fold: 1, tzinfo: utc }),
    utc,
  ),
  objects(
    "dt.time(1, 2, 3, fold=1), dt.timezone(dt.timedelta(hours=1), 'X'), 'X'",
    new PyTime({ hour: 1, minute: 2, second: 3, fold: 1 }),
    new PyTimeZone(new PyTimeDelta(0, 3600), 'X'),
    'X',
  ),
  objects("decimal.Decimal('1.50'), decimal.Decimal('5'), '5'", new PyDecimal('1.50'), new PyDecimal('5'), '5'),
  objects("fractions.Fraction(1, 2), uuid.UUID(int=5), 'int'", new PyFraction(1n, 2n), new PyUuid(5n), 'int'),
  objects('slice(1, 2), range(3), slice(None, "a")', new PySlice(1, 2), new PyRange(0, 3), new PySlice(null, 'a')),
  objects(
    "np.float32(1.5), np.float64(2), np.float64(2), np.int8(98), b'b', np.bool_(True)",
    new NumpyScalar('<f4', bytes(0, 0, 0xc0, 0x3f)),
    ...[1, 2].map(() => new NumpyScalar('<f8', bytes(0, 0, 0, 0, 0, 0, 0, 64))),
    ...[new NumpyScalar('|i1', bytes(98)), bytes(98), new NumpyScalar('|b1', bytes(1))],
  ),
  objects(
    "np.datetime64(50, 'Y'), np.timedelta64(3, ('s', 25)), np.datetime64('NaT')",
    new NumpyScalar('<M8[Y]', bytes(50, 0, 0, 0, 0, 0, 0, 0)),
    new NumpyScalar('<m8[25s]', bytes(3, 0, 0, 0, 0, 0, 0, 0)),
    new NumpyScalar('<M8', bytes(0, 0, 0, 0, 0, 0, 0, 128)),
  ),
  objects(
    "np.str_('xy'), np.bytes_(b'x')",
    new NumpyScalar('<U2', bytes(120, 0, 0, 0, 121, 0, 0, 0)),
    new NumpyScalar('|S1', bytes(120)),
  ),
  objects(
    "np.arange(3), np.zeros((2, 2), '>i2', order='F'), np.array(['a'], object), np.zeros(0), np.array([98], 'u1')",
    new NumpyArray('<i8', { shape: [3], data: bytes(...[0, 1, 2].flatMap((n) => [n, 0, 0, 0, 0, 0, 0, 0])) }),
    new NumpyArray('>i2', { shape: [2, 2], fortranOrder: true, data: zeros(8) }),
    new NumpyArray('|O', { shape: [1], items: ['a'] }),
    new NumpyArray('<f8', { shape: [0], data: bytes() }),
    new NumpyArray('|u1', { shape: [1], data: bytes(98) }),
  ),
  objects(
    "np.zeros(1, [('a', 'i4'), ('b', 'f8', (2,))])[0], np.dtype('i4'), np.dtype([('a', 'O'), ('b', 'U3'), ('c', 'S')])",
    new NumpyScalar(
      [
        ['a', '<i4'],
        ['b', '<f8', [2]],
      ],
      zeros(20),
    ),
    NumpyDType.of('<i4'),
    NumpyDType.of([
      ['a', '|O'],
      ['b', '<U3'],
      ['c', '|S0'],
    ]),
  ),
  {
    source:
      "np.array([(1, 'x', 'abc', 'q'), (2, 'x', 'abc', 'q')], dtype=[('a', 'i4'), ('b', 'O'), ('c', 'U3'), (('t', 'd'), 'U3')])",
    array: array(
      [
        ['a', '<i4'],
        ['b', '|O'],
        ['c', '<U3'],
        [['t', 'd'], '<U3'],
      ],
      [tuple(1, 'x', 'abc', 'q'), tuple(2, 'x', 'abc', 'q')],
    ),
  },
  {
    source: "np.array([(1, 'x')], dtype=np.dtype([('a', 'M8[25s]'), ('b', [('z', 'O')])]))",
    array: array(
      [
        ['a', '<M8[25s]'],
        ['b', [['z', '|O']]],
      ],
      [tuple(new PyDateTime(1970, 1, 1, { second: 25 }), tuple('x'))],
    ),
  },
  strings(
    "np.array(['a', 'hello', 'hello', ''], dtype=np.dtypes.StringDType())",
    { stringdtype: { coerce: true } },
    'a',
    'hello',
    'hello',
    '',
  ),
  strings("np.array(['ab'], dtype=np.dtypes.StringDType(coerce=False))", { stringdtype: { coerce: false } }, 'ab'),
  strings(
    "np.array(['ab', None], dtype=np.dtypes.StringDType(na_object=None))",
    { stringdtype: { coerce: true, na_object: null } },
    'ab',
    null,
  ),
  strings(
    "np.array(['ab', float('nan')], dtype=np.dtypes.StringDType(na_object=float('nan')))",
    { stringdtype: { coerce: true, na_object: Number.NaN } },
    'ab',
    Number.NaN,
  ),
  strings(
    "(lambda d: (a := np.array(['ab', 'NA', 'NA'], dtype=d)))(np.dtypes.StringDType(na_object='NA'))",
    { stringdtype: { coerce: true, na_object: 'NA' } },
    'ab',
    'NA',
    'NA',
  ),
];
