// Every supported opcode is read from a pickle that is written by hand: alone, with bytes behind it, and cut off after each byte.
import { describe, expect, it } from 'vitest';
import { isNpyError } from '../../src/errors.ts';
import { readPickle } from '../../src/pickle/read/pickle-reader.ts';
import {
  PyByteArray,
  PyFrozenSet,
  PyOrderedDict,
  PyRange,
  PySlice,
  PyStr,
  PyTuple,
  PyUuid,
  tuple,
} from '../../src/pickle/values/builtin-classes.ts';
import { PyDate, PyDateTime, PyTime, PyTimeDelta, PyTimeZone } from '../../src/pickle/values/datetime.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';
import { OP, opcodeName } from '../../src/pickle/wire/opcodes.ts';

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const bytes = (text: string): Uint8Array => latin1(text);

const UTC = '\x8c\x08datetime\x8c\x08timezone\x93\x8c\x08datetime\x8c\x09timedelta\x93K\0K\0K\0\x87R\x85R';
const utc = new PyTimeZone(new PyTimeDelta(0));

/** The name of each case, the pickle in Latin-1 without its STOP, and its value. */
const cases: [name: string, pickle: string, value: unknown][] = [
  ['PROTO, NONE', '\x80\x04N', null],
  ['FRAME', '\x80\x04\x95\x02\0\0\0\0\0\0\0N', null],
  ['NEWTRUE', '\x88', true],
  ['NEWFALSE', '\x89', false],
  ['INT', 'I12\n', 12],
  ['INT true', 'I01\n', true],
  ['INT false', 'I00\n', false],
  ['INT huge', 'I-123456789012345678901\n', -123456789012345678901n],
  ['LONG', 'L12L\n', 12],
  ['LONG without L', 'L-5\n', -5],
  ['BININT1', 'K\xff', 255],
  ['BININT2', 'M\x01\x02', 513],
  ['BININT', 'J\xff\xff\xff\xff', -1],
  ['LONG1 empty', '\x8a\0', 0],
  ['LONG1', '\x8a\x02\0\x80', -32768],
  ['LONG1 past 2^53', '\x8a\x08\0\0\0\0\0\0\0\x20', 2n ** 61n],
  ['LONG4', '\x8b\x02\0\0\0\xff\x00', 255],
  ['FLOAT', 'F1.5\n', 1.5],
  ['FLOAT whole', 'F1.0\n', new PyFloat(1)],
  ['FLOAT exponent', 'F-1e-05\n', -1e-5],
  ['FLOAT inf', 'F-inf\n', Number.NEGATIVE_INFINITY],
  ['FLOAT nan', 'Fnan\n', Number.NaN],
  ['FLOAT -0', 'F-0.0\n', -0],
  ['BINFLOAT', 'G\x3f\xf8\0\0\0\0\0\0', 1.5],
  ['BINFLOAT whole', 'G\xbf\xf0\0\0\0\0\0\0', new PyFloat(-1)],
  ['BINFLOAT nan', 'G\x7f\xf8\0\0\0\0\0\0', Number.NaN],
  ['BINFLOAT odd nan', 'G\xff\xf8\0\0\0\0\0\0', new PyFloat(Number.NaN, 0xfff8000000000000n)],
  ['SHORT_BINUNICODE', '\x8c\x03\xe2\x82\xac', '\u20ac'],
  ['BINUNICODE', 'X\x01\0\0\0a', 'a'],
  ['BINUNICODE8', '\x8d\x01\0\0\0\0\0\0\0a', 'a'],
  ['a lone surrogate', '\x8c\x04a\xed\xa0\x80', 'a\ud800'],
  ['surrogates that are no pair', '\x8c\x06\xed\xa0\xbd\xed\xb8\x80', new PyStr([0xd83d, 0xde00])],
  ['a long text', `\x8c\x28${'x'.repeat(40)}`, 'x'.repeat(40)],
  ['UNICODE', 'Va\xe9\\u20ac\\U0001f600\n', 'a\xe9\u20ac\u{1f600}'],
  ['UNICODE with other backslashes', 'V\\\\u20ac\\x\n', '\\\\u20ac\\x'],
  ['STRING', "S'a\\x41\\n\\\\'\n", 'aA\n\\'],
  ['STRING in double quotes', 'S"it\'s"\n', "it's"],
  ['SHORT_BINSTRING', 'U\x02a\xe9', 'a\xe9'],
  ['BINSTRING', 'T\x01\0\0\0a', 'a'],
  ['SHORT_BINBYTES', 'C\x02a\xff', bytes('a\xff')],
  ['BINBYTES', 'B\x01\0\0\0a', bytes('a')],
  ['BINBYTES8', '\x8e\x01\0\0\0\0\0\0\0a', bytes('a')],
  ['BYTEARRAY8', '\x96\x01\0\0\0\0\0\0\0a', new PyByteArray(bytes('a'))],
  ['EMPTY_TUPLE', ')', tuple()],
  ['TUPLE1', 'K\x01\x85', tuple(1)],
  ['TUPLE2', 'K\x01K\x02\x86', tuple(1, 2)],
  ['TUPLE3', 'K\x01K\x02K\x03\x87', tuple(1, 2, 3)],
  ['MARK, TUPLE', '(K\x01K\x02K\x03K\x04t', tuple(1, 2, 3, 4)],
  ['EMPTY_LIST, APPEND', ']K\x01a', [1]],
  ['APPENDS', '](K\x01K\x02e', [1, 2]],
  ['LIST', '(K\x01K\x02l', [1, 2]],
  ['EMPTY_DICT, SETITEM', '}U\x01aK\x01s', new Map([['a', 1]])],
  [
    'SETITEMS',
    '}(U\x01aK\x01U\x01bK\x02u',
    new Map([
      ['a', 1],
      ['b', 2],
    ]),
  ],
  ['a key set twice', '}(U\x01aK\x01U\x01aK\x02u', new Map([['a', 2]])],
  ['DICT', '(U\x01aK\x01d', new Map([['a', 1]])],
  ['EMPTY_SET, ADDITEMS', '\x8f(K\x01K\x02\x90', new Set([1, 2])],
  ['FROZENSET', '(K\x01\x91', new PyFrozenSet([1])],
  ['POP', 'K\x01K\x020', 1],
  ['POP of a mark', 'K\x01(0', 1],
  ['POP_MARK', 'K\x01(K\x02K\x031', 1],
  ['DUP', '(K\x012t', tuple(1, 1)],
  ['MEMOIZE, BINGET', ']\x94h\0a0h\0', expect.any(Array)],
  ['BINPUT, LONG_BINGET', 'U\x01aq\x050j\x05\0\0\0', 'a'],
  ['LONG_BINPUT, GET', 'U\x01ar\0\x01\0\x000g256\n', 'a'],
  ['BINPUT from 1 on, as cPickle', 'U\x01aq\x01U\x01bq\x0200h\x01', 'a'],
  ['MEMOIZE behind a gap', 'U\x01aq\x01U\x01b\x9400h\x01', 'b'],
  ['PUT', 'U\x01ap1\n0g1\n', 'a'],
  ['GLOBAL', 'c__builtin__\nxrange\n', expect.objectContaining({ module: 'builtins', name: 'range' })],
  [
    'STACK_GLOBAL, REDUCE',
    '\x8c\x08builtins\x8c\x07complex\x93G\x3f\xf8\0\0\0\0\0\0G\0\0\0\0\0\0\0\0\x86R',
    { re: 1.5, im: 0 },
  ],
  ['INST', '(K\x01K\x02K\x03i__builtin__\nxrange\n', new PyRange(1, 2, 3)],
  ['OBJ', '(cbuiltins\nslice\nK\x01K\x02No', new PySlice(1, 2, null)],
  ['NEWOBJ, BUILD', 'cuuid\nUUID\n)\x81}U\x03intK\x05sb', new PyUuid(5n)],
  ['NEWOBJ_EX', 'cuuid\nUUID\n)}\x92}U\x03intK\x05sb', new PyUuid(5n)],
  [
    'copyreg._reconstructor',
    'ccopy_reg\n_reconstructor\n(cuuid\nUUID\nc__builtin__\nobject\nNtR}U\x03intK\x05sb',
    new PyUuid(5n),
  ],
  ['bytes of protocol 2', 'c_codecs\nencode\nX\x03\0\0\0a\xc3\xbfX\x06\0\0\0latin1\x86R', bytes('a\xff')],
  ['empty bytes of protocol 2', 'c__builtin__\nbytes\n)R', bytes('')],
  ['bytearray', 'cbuiltins\nbytearray\nC\x01a\x85R', new PyByteArray(bytes('a'))],
  [
    'bytearray of Python 2',
    'c__builtin__\nbytearray\nX\x02\0\0\0\xc3\xbfU\x07latin-1\x86R',
    new PyByteArray(bytes('\xff')),
  ],
  ['set of protocol 2', 'c__builtin__\nset\n](K\x01K\x02e\x85R', new Set([1, 2])],
  ['frozenset of protocol 2', 'c__builtin__\nfrozenset\n]\x85R', new PyFrozenSet()],
  ['OrderedDict', 'ccollections\nOrderedDict\n)RK\x01K\x02s', new PyOrderedDict([[1, 2]])],
  ['OrderedDict of Python 2', 'ccollections\nOrderedDict\n(((K\x01K\x02lltR', new PyOrderedDict([[1, 2]])],
  ['Decimal', 'cdecimal\nDecimal\nU\x031.5\x85R', new PyDecimal('1.5')],
  ['Fraction', 'cfractions\nFraction\nK\x01K\x02\x86R', new PyFraction(1n, 2n)],
  ['Fraction of Python 3.10', 'cfractions\nFraction\nU\x04-1/2\x85R', new PyFraction(-1n, 2n)],
  ['Fraction of Python 3.10, whole', 'cfractions\nFraction\nU\x013\x85R', new PyFraction(3n, 1n)],
  ['date', 'cdatetime\ndate\nC\x04\x07\xe4\x01\x02\x85R', new PyDate(2020, 1, 2)],
  ['date of Python 2', "cdatetime\ndate\n(S'\\x07\\xe4\\x01\\x02'\ntR", new PyDate(2020, 1, 2)],
  [
    'datetime of Python 2',
    'cdatetime\ndatetime\nU\x0a\x07\xe4\x01\x02\x03\x04\x05\0\0\x06\x85R',
    new PyDateTime(2020, 1, 2, { hour: 3, minute: 4, second: 5, microsecond: 6 }),
  ],
  [
    'datetime, fold',
    'cdatetime\ndatetime\nC\x0a\x07\xe4\x81\x02\x03\x04\x05\x01\0\0\x85R',
    new PyDateTime(2020, 1, 2, { hour: 3, minute: 4, second: 5, microsecond: 65536, fold: 1 }),
  ],
  [
    'datetime with timezone',
    `cdatetime\ndatetime\nC\x0a\x07\xe4\x01\x02\0\0\0\0\0\0${UTC}\x86R`,
    new PyDateTime(2020, 1, 2, { tzinfo: utc }),
  ],
  [
    'time, fold',
    'cdatetime\ntime\nC\x06\x81\x02\x03\0\0\x04\x85R',
    new PyTime({ hour: 1, minute: 2, second: 3, microsecond: 4, fold: 1 }),
  ],
];

describe.each(cases)('%s', (_, pickle, value) => {
  const whole = latin1(`${pickle}.`);

  it('is read', () => {
    const { value: read, byteLength } = readPickle(whole, undefined, 'latin1');
    expect(read).toStrictEqual(value);
    expect(byteLength).toBe(whole.length);
  });

  it('is read with a tail, and from the middle of a buffer', () => {
    const buffer = latin1(`xxx${pickle}.tail.`);
    const { value: read, byteLength } = readPickle(buffer.subarray(3), undefined, 'latin1');
    expect(read).toStrictEqual(value);
    expect(byteLength).toBe(whole.length);
  });

  it('is refused when it is cut off anywhere', () => {
    for (let length = 0; length < whole.length; length++) {
      let error: unknown;
      try {
        readPickle(whole.subarray(0, length), undefined, 'latin1');
      } catch (thrown) {
        error = thrown;
      }
      expect(isNpyError(error, 'NPY_TRUNCATED'), `${length} bytes: ${error}`).toBe(true);
    }
  });
});

it('keeps tuples apart from lists', () => {
  expect(readPickle(latin1(')].')).value).not.toBeInstanceOf(PyTuple);
  expect(readPickle(latin1(').')).value).toBeInstanceOf(PyTuple);
});

it('reads a list that holds itself', () => {
  const list = readPickle(latin1(']\x94h\0a.')).value as unknown[];
  expect(list[0]).toBe(list);
});

it('covers every opcode that can be read', () => {
  const elsewhere = ['PERSID', 'BINPERSID', 'EXT1', 'EXT2', 'EXT4', 'NEXT_BUFFER', 'READONLY_BUFFER'];
  const tested = cases.map(([name]) => name).join(' ');
  const missing = Object.keys(OP).filter((name) => !tested.includes(name) && !elsewhere.includes(name));
  expect(missing).toEqual(['STOP']);
  expect(opcodeName(0xff)).toBe('0xff');
});

it.each(['P1\n', 'NQ', '\x82\x01', '\x83\x01\0', '\x84\x01\0\0\0', '\x97', 'N\x98'])(
  'refuses what lies elsewhere: %j',
  (pickle) => {
    expect(() => readPickle(latin1(`${pickle}.`))).toThrow(/outside of the pickle/);
  },
);
