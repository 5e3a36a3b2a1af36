// Pickles with errors on the stack, in the memo, in a length, or in the text of a line. Each is refused.
import { describe, expect, it } from 'vitest';
import { expectRefusal, refusalOf } from './outcome.ts';

const UINT64_MAX = '\xff'.repeat(8);

/** The name of each case, the pickle in Latin-1, and a part of the error's message. */
const CASES: [what: string, pickle: string, says: string][] = [
  ['nothing', '', '0 of 1 bytes from byte 0 on'],
  ['only a stop', '.', 'the stack is empty'],
  ['protocol 6', '\x80\x06N.', 'expected a protocol up to 5, got 6'],
  ['an invalid opcode', '\xffN.', 'unknown opcode'],
  ['no opcode at all', '\0.', 'unknown opcode'],
  ['a pop from nothing', '0.', 'the stack is empty'],
  ['a dup of nothing', '2.', 'the stack is empty'],
  ['a tuple of nothing', '\x85.', 'the stack is empty'],
  ['a tuple of too little', 'N\x86.', 'the stack is empty'],
  ['a tuple past a mark', 'NN(\x86.', 'the stack is empty'],
  ['no mark', 'Nt.', 'the stack has no MARK'],
  ['no mark for a list', 'l.', 'the stack has no MARK'],
  ['no mark for a pop', '1.', 'the stack has no MARK'],
  ['no mark to append', ']e.', 'the stack has no MARK'],
  ['append to a tuple', ')Na.', 'expected a list, got a tuple'],
  ['append to None', 'NNa.', 'expected a list, got None'],
  ['append to a str', 'U\x01aNa.', 'expected a list, got a str'],
  ['append nothing', ']a.', 'the stack is empty'],
  ['items in a list', ']NNs.', 'expected a dict, got a list'],
  ['an odd number of items', '}(Nu.', 'expected keys and values, got an odd number'],
  ['an odd dict', '(Nd.', 'expected keys and values, got an odd number'],
  ['a list as a key', '}]Ns.', 'a list cannot be a key'],
  ['a dict in a set', '\x8f(}\x90.', 'a dict cannot be a key'],
  ['a set in a frozenset', '(\x8f\x91.', 'a set cannot be a key'],
  ['additems of a frozenset', '(\x91(N\x90.', 'expected a set, got a PyFrozenSet'],
  ['additems of a list', '](N\x90.', 'expected a set, got a list'],
  ['a memo that is empty', 'h\0.', 'memo 0 holds nothing'],
  ['a memo that is empty, long', 'j\0\0\0\x80.', 'memo 2147483648 holds nothing'],
  ['a memo of a negative number', 'g-1\n.', 'expected a memo number'],
  ['a memo that is no number', 'Ngx\n.', 'expected a memo number'],
  ['a put of nothing', 'q\0.', 'the stack is empty'],
  ['a memoize of nothing', '\x94.', 'the stack is empty'],
  ['a put without a number', 'Np\n.', 'expected a memo number'],
  ['a frame that is too long', `\x80\x04\x95${UINT64_MAX}N.`, '2 of 18446744073709552000 bytes from byte 11 on'],
  ['a frame in a frame', '\x80\x04\x95\x0b\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N.', 'a frame starts inside of another'],
  [
    'a frame that ends inside of a str',
    '\x80\x04\x95\x03\0\0\0\0\0\0\0\x8c\x05abcde.',
    'the frame ends at byte 14, inside',
  ],
  ['a frame a byte too long', '\x80\x04\x95\x03\0\0\0\0\0\0\0N.', '2 of 3 bytes from byte 11 on'],
  ['an invalid int', 'I1x\n.', 'expected a line that is an int'],
  ['an int of nothing', 'I\n.', 'expected a line that is an int'],
  ['an int of spaces', 'I 1\n.', 'expected a line that is an int'],
  ['an int in hex', 'I0x1\n.', 'expected a line that is an int'],
  ['an int of 5000 digits', `I${'9'.repeat(5000)}\n.`, 'expected a line that is an int'],
  ['a long of a million digits', `L${'9'.repeat(1e6)}L\n.`, 'expected a line that is an int'],
  ['an invalid long', 'LL\n.', 'expected a line that is an int'],
  ['an invalid float', 'F1.5.5\n.', 'expected a line that is a float'],
  ['a float of nothing', 'F\n.', 'expected a line that is a float'],
  ['a float in words', 'Fone\n.', 'expected a line that is a float'],
  ['a float without digits', 'F.e1\n.', 'expected a line that is a float'],
  ['a float of a million digits', `F${'9'.repeat(1e6)}\n.`, 'expected a line that is a float'],
  ['a LONG4 of negative length', '\x8b\xff\xff\xff\xff.', 'expected the length of an int, got -1'],
  ['a LONG4 of 2 GiB', '\x8b\xff\xff\xff\x7f\0.', '2 of 2147483647 bytes from byte 5 on'],
  ['a str of 2^64 - 1 bytes', `\x8d${UINT64_MAX}a.`, '2 of 18446744073709552000 bytes from byte 9 on'],
  ['a str of 2^60 bytes', '\x8d\0\0\0\0\0\0\0\x10a.', '2 of 1152921504606847000 bytes from byte 9 on'],
  ['a str of 4 GiB', 'X\xff\xff\xff\xffa.', '2 of 4294967295 bytes from byte 5 on'],
  ['bytes of 2^64 - 1 bytes', `\x8e${UINT64_MAX}a.`, '2 of 18446744073709552000 bytes from byte 9 on'],
  ['bytes of 4 GiB', 'B\xff\xff\xff\xffa.', '2 of 4294967295 bytes from byte 5 on'],
  ['a bytearray of 2^60 bytes', '\x96\0\0\0\0\0\0\0\x10a.', '2 of 1152921504606847000 bytes from byte 9 on'],
  ['an old str of 4 GiB', 'T\xff\xff\xff\xffa.', '2 of 4294967295 bytes from byte 5 on'],
  ['a str that is not UTF-8', '\x8c\x01\xff.', 'expected UTF-8'],
  ['a str of overlong UTF-8', '\x8c\x02\xc0\x80.', 'expected UTF-8'],
  ['a str past U+10FFFF', '\x8c\x04\xf4\x90\x80\x80.', 'expected UTF-8'],
  ['a str of half a character', '\x8c\x01\xc3.', 'expected UTF-8'],
  ['a str without quotes', 'Sabc\n.', 'expected a str in quotes'],
  ['a str of one quote', "S'\n.", 'expected a str in quotes'],
  ['a str that ends in a backslash', "S'\\'\n.", 'expected a str in quotes'],
  ['a str with a quote inside', "S'a'b'\n.", 'expected a str in quotes'],
  ['a str of bad hex', "S'\\xzz'\n.", 'expected a str in quotes'],
  ['unicode of bad hex', 'V\\u12\n.', 'expected a str'],
  ['unicode past U+10FFFF', 'V\\U00110000\n.', 'expected a str'],
  ['a global of no line', 'cos', '2 of 3 bytes from byte 1 on'],
  ['a global that is not UTF-8', 'c\xff\n\xff\n.', 'expected a name'],
  ['a global of numbers', 'K\x01K\x02\x93.', 'expected the names of a module and of a class or function'],
  ['a global of one str', 'U\x01a\x93.', 'the stack is empty'],
];

describe('malformed', () => {
  it.each(CASES)('%s', (_, pickle, says) => expectRefusal(pickle, says));

  it('names the opcode and its place', () => {
    expect(refusalOf('N0K\x01\x86.').message).toMatch(/opcode TUPLE2 at byte 4: the stack is empty/);
  });
});
