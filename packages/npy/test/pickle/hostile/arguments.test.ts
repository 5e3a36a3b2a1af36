// Pickles that call a known name with wrong arguments, or give a value the state of another kind. Each is refused.
import { describe, it } from 'vitest';
import { expectRefusal } from './outcome.ts';

/** The name of each case, the pickle in Latin-1, and a part of the error's message. */
const CASES: [what: string, pickle: string, says: string][] = [
  ['a call of a str', 'U\x01a)R.', 'a str cannot make a value'],
  ['a call of None', 'N)R.', 'None cannot make a value'],
  ['a call of a list', '])R.', 'a list cannot make a value'],
  ['a call with a list', 'cbuiltins\nset\n]R.', 'expected a tuple of arguments, got a list'],
  ['a call of object', 'cbuiltins\nobject\n)R.', 'builtins.object cannot make a value'],
  ['a call of ndarray', 'cnumpy\nndarray\n(K\x01tR.', 'numpy.ndarray cannot make a value'],
  ['newobj of ndarray', 'cnumpy\nndarray\n(K\x01t\x81.', 'numpy.ndarray cannot make a value'],
  ['newobj of complex', 'cbuiltins\ncomplex\n)\x81.', 'builtins.complex cannot make a value'],
  ['newobj_ex with names', 'cuuid\nUUID\n)}U\x01aNs\x92.', 'expected no named arguments'],
  ['an object of nothing', '(o.', 'nothing cannot make a value'],
  [
    'an instance of os.system',
    '(U\x02lsios\nsystem\n.',
    'os.system is not a known class or function: nothing is imported or run',
  ],
  ['state of a list', ']}b.', 'a list does not take a state'],
  ['state of a class', 'cuuid\nUUID\n}b.', 'a class or function does not take a state'],
  ['state of a str', 'U\x01a}b.', 'a str does not take a state'],
  [
    '__setstate__ through a dict',
    'cdatetime\ndate\nC\x04\x07\xe4\x01\x02\x85R}U\x0c__setstate__Nsb.',
    'a PyDate does not take a state',
  ],
  ['a UUID without an int', 'cuuid\nUUID\n)\x81}b.', 'expected the state of a UUID'],
  ['a UUID of a str', 'cuuid\nUUID\n)\x81}U\x03intU\x01asb.', 'expected the state of a UUID'],
  [
    'a UUID of 129 bits',
    `cuuid\nUUID\n)\x81}U\x03int\x8a\x12${'\0'.repeat(16)}\x01\0sb.`,
    'expected the state of a UUID',
  ],
  ['a UUID with two states', 'cuuid\nUUID\n)\x81}U\x03intK\x01sb}U\x03intK\x02sb.', 'expected the state of a UUID'],
  [
    '_reconstructor of another class',
    'ccopyreg\n_reconstructor\n(cdecimal\nDecimal\ncbuiltins\nobject\nNtR.',
    'expected the arguments of copyreg._reconstructor: a UUID, got (a class or function, a class or function, None)',
  ],
  ['complex of strs', 'cbuiltins\ncomplex\nU\x011U\x011\x86R.', 'expected the two floats of a complex number'],
  ['complex of one', 'cbuiltins\ncomplex\nK\x01\x85R.', 'expected the two floats of a complex number'],
  ['set of a str', 'cbuiltins\nset\nU\x02ab\x85R.', 'expected the items of set'],
  ['set of lists', 'cbuiltins\nset\n](]e\x85R.', 'a list, dict, set, bytearray or array cannot be in a set'],
  ['bytes of a length', 'cbuiltins\nbytes\nK\x09\x85R.', 'expected the content of bytes'],
  ['bytearray of a length', 'cbuiltins\nbytearray\nJ\xff\xff\xff\x7f\x85R.', 'expected the content of bytearray'],
  [
    'range of floats',
    'cbuiltins\nrange\nG\x3f\xf8\0\0\0\0\0\0K\x01K\x01\x87R.',
    'expected the arguments of range, got (a number, a number, a number)',
  ],
  ['slice of one', 'cbuiltins\nslice\nN\x85R.', 'expected the arguments of slice, got (None)'],
  [
    'encode in rot13',
    'c_codecs\nencode\nU\x01aU\x05rot13\x86R.',
    'expected the arguments of _codecs.encode: Latin-1 text and latin1, got (a str, a str)',
  ],
  [
    'encode past Latin-1',
    'c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacU\x06latin1\x86R.',
    'expected the arguments of _codecs.encode: Latin-1 text and latin1, got (a str, a str)',
  ],
  ['Decimal of a list', 'cdecimal\nDecimal\n]\x85R.', 'expected the arguments of Decimal, got (a list)'],
  ['Decimal of no number', 'cdecimal\nDecimal\nU\x03abc\x85R.', 'expected the arguments of Decimal, got (a str)'],
  ['Decimal of a point', 'cdecimal\nDecimal\nU\x01.\x85R.', 'expected the arguments of Decimal, got (a str)'],
  ['Fraction of no number', 'cfractions\nFraction\nU\x031/x\x85R.', 'expected the arguments of Fraction, got (a str)'],
  ['Fraction by 0, as text', 'cfractions\nFraction\nU\x031/0\x85R.', 'expected the arguments of Fraction, got (a str)'],
  [
    'range of no step',
    'cbuiltins\nrange\nK\x01K\x02K\0\x87R.',
    'expected the arguments of range, got (a number, a number, a number)',
  ],
  ['a list as the key of an OrderedDict', 'ccollections\nOrderedDict\n(((]NlltR.', 'expected the pairs of OrderedDict'],
  [
    'Fraction by 0',
    'cfractions\nFraction\nK\x01K\0\x86R.',
    'expected the arguments of Fraction, got (a number, a number)',
  ],
  ['OrderedDict of no pairs', 'ccollections\nOrderedDict\n](Ne\x85R.', 'expected the pairs of OrderedDict'],
  ['date of three bytes', 'cdatetime\ndate\nC\x03abc\x85R.', 'expected the arguments of datetime.date, got (bytes)'],
  [
    'date of month 13',
    'cdatetime\ndate\nC\x04\x07\xe4\x0d\x01\x85R.',
    'expected the arguments of datetime.date, got (bytes)',
  ],
  [
    'date of numbers',
    'cdatetime\ndate\nM\xe4\x07K\x01K\x01\x87R.',
    'expected the arguments of datetime.date, got (a number, a number, a number)',
  ],
  [
    'date with a timezone',
    'cdatetime\ndate\nC\x04\x07\xe4\x01\x01cdatetime\ntimezone\n\x86R.',
    'expected the arguments of datetime.date, got (bytes, a class or function)',
  ],
  [
    'datetime of a foreign tzinfo',
    'cdatetime\ndatetime\nC\x0a\x07\xe4\x01\x02\0\0\0\0\0\0]\x86R.',
    'expected the arguments of datetime.datetime, got (bytes, a list)',
  ],
  [
    'time of hour 31',
    'cdatetime\ntime\nC\x06\x1f\0\0\0\0\0\x85R.',
    'expected the arguments of datetime.time, got (bytes)',
  ],
  [
    'timedelta out of range',
    'cdatetime\ntimedelta\nK\0J\0\0\0\x7fK\0\x87R.',
    'expected the arguments of datetime.timedelta, got (a number, a number, a number)',
  ],
  [
    'timedelta of floats',
    'cdatetime\ntimedelta\nG\x3f\xf8\0\0\0\0\0\0K\0K\0\x87R.',
    'expected the arguments of datetime.timedelta, got (a number, a number, a number)',
  ],
  [
    'timezone of a number',
    'cdatetime\ntimezone\nK\x01\x85R.',
    'expected the arguments of datetime.timezone, got (a number)',
  ],
  [
    'timezone of a day',
    'cdatetime\ntimezone\ncdatetime\ntimedelta\nK\x01K\0K\0\x87R\x85R.',
    'expected the arguments of datetime.timezone, got (a PyTimeDelta)',
  ],
];

describe('the arguments of names of Python', () => {
  it.each(CASES)('%s', (_, pickle, says) => expectRefusal(pickle, says));
});
