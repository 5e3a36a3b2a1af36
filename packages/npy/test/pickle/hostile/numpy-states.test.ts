// Pickles with dtypes, arrays and scalars whose parts do not fit together. Each is refused.
import { describe, it } from 'vitest';
import { expectRefusal } from './outcome.ts';

const EMPTY_ARRAY = 'cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tC\x01btR';
const OBJECT = 'cnumpy\ndtype\n(U\x02O8\x89\x88tR';
const OBJECT_STATE = '(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb';
const STRUCT = `cnumpy\ndtype\n(U\x02V8\x89\x88tR(K\x03U\x01|NU\x01a\x85}U\x01a${OBJECT}${OBJECT_STATE}K\0\x86sK\x08K\x01K\x1btb`;
const STRINGS = 'cnumpy._core._internal\n_convert_to_stringdtype_kwargs\n';
const FLOAT = 'G\x3f\xf8\0\0\0\0\0\0';

/** The name of each case, the pickle in Latin-1, and a part of the error's message. */
const CASES: [what: string, pickle: string, says: string][] = [
  [
    'dtype of a class',
    'cnumpy\ndtype\ncbuiltins\nobject\n\x85R.',
    'expected the name of a known dtype, got a class or function',
  ],
  ['dtype of code', 'cnumpy\ndtype\nU\x09i4,f4,,()\x85R.', 'expected the name of a known dtype, got "i4,f4,,()"'],
  [
    'dtype of 10^15 digits',
    `cnumpy\ndtype\nX\x11\0\0\0S${'9'.repeat(16)}\x85R.`,
    'expected the name of a known dtype, got "S9999999999999999"',
  ],
  [
    'a dtype with two states',
    `${OBJECT}${OBJECT_STATE}${OBJECT_STATE}.`,
    'the dtype has a state already, or is in use',
  ],
  ['a dtype with state of 3', `${OBJECT}K\x01K\x02K\x03\x87b.`, 'expected the state of a dtype: a tuple of 5 to 9'],
  [
    'a dtype of another byte order',
    `${OBJECT}(K\x03U\x01xNNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb.`,
    'expected a byte order, got "x"',
  ],
  [
    'a dtype of another version',
    `${OBJECT}(K\x09U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb.`,
    "expected a dtype's state of version 0 to 4, got 9",
  ],
  [
    'a dtype whose flags are those of numbers',
    `${OBJECT}(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb.`,
    'the flags 0 do not belong to the dtype',
  ],
  [
    'a dtype without an alignment',
    `${OBJECT}(K\x03U\x01|NNNJ\xff\xff\xff\xffNK?tb.`,
    "expected a dtype's alignment and flags",
  ],
  [
    'a dtype that gets its state late',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${OBJECT}\x94\x89](Netb0h\0${OBJECT_STATE}.`,
    'the dtype has a state already, or is in use',
  ],
  [
    'a dtype of a negative size',
    `${OBJECT}(K\x03U\x01|NNNJ\xfe\xff\xff\xffJ\xff\xff\xff\xffK?tb.`,
    'expected the size of a dtype, got -2',
  ],
  [
    'fields that are not there',
    'cnumpy\ndtype\n(U\x02V4\x89\x88tR(K\x03U\x01|NU\x01a\x85}K\x04K\x01K\x10tb.',
    'there is no field "a"',
  ],
  [
    'a field behind its dtype',
    `cnumpy\ndtype\n(U\x02V4\x89\x88tR(K\x03U\x01|NU\x01a\x85}U\x01a${OBJECT}${OBJECT_STATE}K\0\x86sK\x04K\x01K\x10tb.`,
    'the field "a" reaches beyond its dtype',
  ],
  [
    'a subarray that does not fit',
    `cnumpy\ndtype\n(U\x02V4\x89\x88tR(K\x03U\x01|${OBJECT}${OBJECT_STATE}K\x02\x85\x86NNK\x04K\x01K\x10tb.`,
    'the subarray has 16 bytes, the itemsize is 4',
  ],
  [
    'a datetime64 without a unit',
    'cnumpy\ndtype\n(U\x02M8\x89\x88tR(K\x04U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0Ntb.',
    'expected the unit of a datetime64 or timedelta64',
  ],
  [
    '_reconstruct of a class',
    'cnumpy._core.multiarray\n_reconstruct\n(cuuid\nUUID\n(K\0tC\x01btR.',
    'expected the arguments of _reconstruct: numpy.ndarray, (0,), "b", got (a class or function, a tuple, bytes)',
  ],
  [
    '_reconstruct of a shape that is not empty',
    'cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\x01tC\x01btR.',
    'expected the arguments of _reconstruct: numpy.ndarray, (0,), "b", got (a class or function, a tuple, bytes)',
  ],
  [
    '_reconstruct of floats',
    'cnumpy._core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(K\0tC\x01dtR.',
    'expected the arguments of _reconstruct: numpy.ndarray, (0,), "b", got (a class or function, a tuple, bytes)',
  ],
  [
    'an array of another version',
    `${EMPTY_ARRAY}(K\x02K\x01\x85${OBJECT}${OBJECT_STATE}\x89](Netb.`,
    "expected an array's state of version 0 or 1",
  ],
  [
    'an array of no order',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${OBJECT}${OBJECT_STATE}N](Netb.`,
    'expected the shape, the dtype and the order of an array',
  ],
  [
    'a structured array of no tuples',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${STRUCT}\x89](Netb.`,
    "None cannot be an item of dtype [('a', '|O')]",
  ],
  [
    'a structured array of tuples too long',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${STRUCT}\x89](NN\x86etb.`,
    "a tuple cannot be an item of dtype [('a', '|O')]",
  ],
  [
    'a StringDType of None',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${STRINGS}K\x01\x85R\x89](Netb.`,
    'None cannot be an item of dtype StringDType',
  ],
  [
    'a StringDType of floats',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${STRINGS}K\x01N\x86R\x89](${FLOAT}etb.`,
    'a number cannot be an item of dtype StringDType',
  ],
  [
    'a StringDType with a list for missing strs',
    `${STRINGS}K\x01]\x86R.`,
    'expected a str, a number or None for missing strings, got a list',
  ],
  [
    'an array without a shape',
    `${EMPTY_ARRAY}(K\x01N${OBJECT}${OBJECT_STATE}\x89]tb.`,
    'expected the shape, the dtype and the order of an array',
  ],
  [
    'an array without a dtype',
    `${EMPTY_ARRAY}(K\x01K\0\x85N\x89]tb.`,
    'expected the shape, the dtype and the order of an array',
  ],
  [
    'an array of a negative shape',
    `${EMPTY_ARRAY}(K\x01J\xff\xff\xff\xff\x85${OBJECT}${OBJECT_STATE}\x89]tb.`,
    'expected a shape of integers of 0 or more',
  ],
  [
    'an array of 2^100 elements',
    `${EMPTY_ARRAY}(K\x01(J\0\0\0\x40J\0\0\0\x40J\0\0\0\x40J\0\0\0\x40t${OBJECT}${OBJECT_STATE}\x89]tb.`,
    'the array is too large',
  ],
  [
    'an array of too few objects',
    `${EMPTY_ARRAY}(K\x01K\x02\x85${OBJECT}${OBJECT_STATE}\x89](Netb.`,
    'an array of shape (2): expected 2 objects, got 1',
  ],
  [
    'an array of objects as bytes',
    `${EMPTY_ARRAY}(K\x01K\x01\x85${OBJECT}${OBJECT_STATE}\x89C\x08abcdefghtb.`,
    'an array of shape (1): expected 1 objects, got none',
  ],
  [
    'an array of too few bytes',
    `${EMPTY_ARRAY}(K\x01K\x02\x85cnumpy\ndtype\n(U\x02i4\x89\x88tR\x89C\x04abcdtb.`,
    'an array of shape (2): expected 8 bytes, got 4',
  ],
  [
    'a scalar of too few bytes',
    'cnumpy._core.multiarray\nscalar\ncnumpy\ndtype\n(U\x02i4\x89\x88tRC\x03abc\x86R.',
    'expected the 4 bytes of a scalar',
  ],
  [
    'a scalar of a list',
    `cnumpy._core.multiarray\nscalar\n${OBJECT}${OBJECT_STATE}]\x86R.`,
    'expected the 8 bytes of a scalar',
  ],
  [
    'a buffer of no order',
    'cnumpy._core.numeric\n_frombuffer\n(C\x01acnumpy\ndtype\n(U\x02i1\x89\x88tRK\x01\x85U\x01XtR.',
    'expected a buffer, a dtype, a shape, and an order: C, F',
  ],
  [
    'a StringDType of more',
    'cnumpy._core._internal\n_convert_to_stringdtype_kwargs\n(K\x01K\x01K\x01tR.',
    'expected the arguments of a StringDType',
  ],
];

describe('the states of values of NumPy', () => {
  it.each(CASES)('%s', (_, pickle, says) => expectRefusal(pickle, says));
});
