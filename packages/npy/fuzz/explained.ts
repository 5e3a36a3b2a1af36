// The intended differences, each with its reason. No other place excuses a difference.
import type { Difference } from './compare.ts';

interface Rule {
  readonly why: string;
  readonly holds: (difference: Difference) => boolean;
}

/** Files that NumPy reads and this package refuses. */
const refusedHere: readonly Rule[] = [
  {
    why: "names of characters ('\\N{…}') need a table of all of them; no writer uses them",
    holds: (d) => codeOf(d) === 'NPY_HEADER' && headerOf(d).includes('\\N{'),
  },
  {
    why: 'a form feed behind blanks at the start: the filter for Python 2 happens to drop the indentation',
    holds: (d) => codeOf(d) === 'NPY_HEADER' && /^[ \t]*\f/.test(headerOf(d)),
  },
  {
    why: 'a dtype that is an array in itself at the top: its elements only fit where there are none, or one of one',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && messageOf(d).includes('is an array, which only a field can be'),
  },
  {
    why: 'a dimension past 2^53 - 1 is no JavaScript number; such an array has no elements, or elements without bytes',
    holds: (d) => codeOf(d) === 'NPY_SHAPE' && messageOf(d).includes('2^53'),
  },
  {
    why: 'more than 64 axes with those of the fields: NumPy has the array, and no array of the field',
    holds: (d) => codeOf(d) === 'NPY_SHAPE' && / of them in its fields\) are more than/.test(messageOf(d)),
  },
  {
    why: 'a divisor that gives a unit NumPy cannot read again: a negative count, one past 2^31, or for weeks one past its table',
    holds: (d) =>
      codeOf(d) === 'NPY_DESCR' &&
      /^npy: descr "[<>=|]?([Mm]8?|datetime64|timedelta64)\[[^"]*\/[^"]*\]"/.test(messageOf(d)),
  },
  {
    why: 'a pair of dtypes, or a dtype and None: a spelling of before there were structures; no writer uses it',
    holds: (d) =>
      codeOf(d) === 'NPY_DESCR' &&
      /of several parts is not a known dtype|(None|") is not a shape that a field can have/.test(messageOf(d)),
  },
  {
    why: 'a number behind an array of no elements: NumPy takes it for the bytes of each, a dtype that no file can then say',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && /descr \d+ is not a shape that a field can have/.test(messageOf(d)),
  },
  {
    why: 'a title that is no string: a field here has no place for it; no writer makes one',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && messageOf(d).includes('of several parts is not the name of a field'),
  },
  {
    why: 'a set, a sum or a float as a value that no header can use, under a key that comes again',
    holds: (d) => codeOf(d) === 'NPY_HEADER' && keyComesAgain(headerOf(d)),
  },
  {
    why: 'no elements, of no bytes, and axes that multiply past 2^63: whether NumPy reads it hangs on their order',
    holds: (d) =>
      codeOf(d) === 'NPY_SHAPE' &&
      messageOf(d).includes('overflows') &&
      d.numpy.outcome === 'array' &&
      /^[A-Z]0$/.test(d.numpy.kind) &&
      d.numpy.shape.includes('0'),
  },
  {
    why: 'more than 2^53 - 1 elements without bytes: the default of limits.maxElements',
    holds: (d) => codeOf(d) === 'NPY_LIMIT' && d.numpy.outcome === 'array' && /^[A-Z]0$/.test(d.numpy.kind),
  },
  {
    why: 'a lone control character as descr is taken for the number of a C type inside NumPy',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && /descr "[<>=|]?(\\[a-z0-9]+|\p{Cc})" is not/u.test(messageOf(d)),
  },
];

/** Files that NumPy refuses and this package reads. */
const readHere: readonly Rule[] = [
  {
    why: 'blanks on a last line that does not end: CPython 3.11 takes them for an indented line',
    holds: (d) => /[\n\r][ \t\f]+$/.test(headerOf(d)),
  },
  {
    why: "a carriage return beside the L of Python 2: NumPy's filter knows no such line break",
    holds: (d) => /\r/.test(headerOf(d)) && /\d\s*L/.test(headerOf(d)),
  },
  {
    why: 'names of NumPy 1 that NumPy 2 has no more',
    holds: (d) => d.numpy.outcome === 'refused' && numpy1Names.test(d.numpy.error),
  },
];

/** Names that NumPy 2 removed. */
const numpy1Names =
  /float_|complex_|cfloat|singlecomplex|bool8|u?int0|longfloat|clongfloat|longcomplex|string_|bytes0|str0|unicode_|void0|object0/;

/** Arrays that both read or write, with different results. */
const unlike: readonly Rule[] = [
  {
    why: 'elements without bytes lie in both orders at once: which one a file says depends on how the array was made',
    holds: ({ what, numpy }) =>
      what.startsWith('written again: ') && numpy.outcome === 'array' && /^[A-Z]0$/.test(numpy.kind),
  },
  {
    why: "which characters print, and so stand unescaped in names, follows the runtime's Unicode: Python 3.11 has 14, Node newer ones",
    holds: newerUnicode,
  },
  {
    why: 'two surrogates that make a pair, spelled apart in a name, are one character in JavaScript',
    holds: pairedSurrogates,
  },
];

/** Returns whether a difference comes from characters that Python before 3.12 escapes, or from pairs of surrogates, which are one character here. */
function newerUnicode({ numpy, what }: Difference): boolean {
  if (numpy.outcome !== 'array' || !/^(written again|np\.save)|cannot hold this header/.test(what)) return false;
  const text = headerOf({ file: numpy.file });
  for (const [, hex = ''] of text.matchAll(/\\(?:U|u)([0-9a-f]{8}|[0-9a-f]{4})/g)) {
    const code = Number.parseInt(hex, 16);
    if (code <= 0x10ffff && !/[\p{C}\p{Z}]/u.test(String.fromCodePoint(code))) return true;
  }
  return false;
}

function pairedSurrogates({ numpy }: Difference): boolean {
  return numpy.outcome === 'array' && /\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2}/.test(headerOf({ file: numpy.file }));
}

/** Differences from NumPy 1.24 where this package follows NumPy 2. */
const numpy1: readonly Rule[] = [
  {
    why: 'NumPy 1 has 32 dimensions, NumPy 2 and this package 64',
    holds: ({ numpy }) =>
      numpy.outcome === 'refused' &&
      /dimensions?[ a-z]* (is|to) 32|invalid shape in fixed-type tuple/.test(numpy.error),
  },
  {
    why: 'a width past 2^31 bytes, which wraps around in NumPy 1',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && /descr "[^"]*[SUVa]\d{9,}/.test(messageOf(d)),
  },
  {
    why: 'a width below 0, which NumPy 1 takes',
    holds: (d) => codeOf(d) === 'NPY_DESCR' && /descr "[<>=|]?[SUVa] *-\d+" is not/.test(messageOf(d)),
  },
  {
    why: "a byte order in front of the letter 'a': refused since NumPy 2",
    holds: (d) => codeOf(d) === 'NPY_DESCR' && /descr "[<>=|]a" is not/.test(messageOf(d)),
  },
  {
    why: 'a carriage return in 1.0 or 2.0: the filter for Python 2 is always on in NumPy 1.24, and knows no such line break',
    holds: (d) => d.numpy.outcome === 'refused' && headerOf(d).includes('\r'),
  },
  {
    why: "the letters 'n' and 'N' are integers since NumPy 2",
    holds: ({ numpy }) => numpy.outcome === 'refused' && /descriptor: '[<>=|]?[nN]'/.test(numpy.error),
  },
  {
    why: "since NumPy 2 a comma makes a structure of one dtype too: 'i8,'",
    holds: (d) =>
      /[\w\]?]\s*,\s*(['"]|\\)/.test(headerOf(d)) &&
      (d.what.startsWith('descr: [["f0",') ||
        (d.numpy.outcome === 'refused' && d.numpy.error.includes('cannot reshape'))),
  },
  {
    why: 'since NumPy 2 a field of shape 1 is an array of one',
    holds: ({ what, numpy }) =>
      what.startsWith('descr: ') &&
      numpy.outcome === 'array' &&
      what.replaceAll(',[1]]', ']').includes(`descr: ${JSON.stringify(numpy.descr).replaceAll(',[1]]', ']')}, `),
  },
];

const died: Rule = {
  why: 'NumPy itself ended or hung; here the file was answered',
  holds: () => true,
};

/** Returns why a difference from a NumPy of that major version is intended, or undefined if it is not. */
export function explanationOf(difference: Difference, numpyMajor: number): string | undefined {
  const { ours, numpy } = difference;
  if (ours.outcome === 'broken') return undefined;
  const rules =
    numpy.outcome === 'died'
      ? [died]
      : numpy.outcome === 'refused'
        ? readHere
        : ours.outcome === 'refused'
          ? refusedHere
          : unlike;
  return [...rules, ...(numpyMajor < 2 ? numpy1 : [])].find(({ holds }) => holds(difference))?.why;
}

/** Returns whether a header has one of the three keys twice. */
function keyComesAgain(text: string): boolean {
  return (
    ['descr', 'fortran_order', 'shape'].some((key) => text.indexOf(key) !== text.lastIndexOf(key)) ||
    text.split(':').length > 4
  );
}

/** Returns the text of the header that was read. */
function headerOf({ file }: Pick<Difference, 'file'>): string {
  if (!file || file.length < 12) return '';
  const bytes = Buffer.from(file);
  const [major = 1] = bytes.subarray(6);
  const start = major === 1 ? 10 : 12;
  const length = major === 1 ? bytes.readUInt16LE(8) : bytes.readUInt32LE(8);
  return bytes.subarray(start, start + length).toString(major === 3 ? 'utf8' : 'latin1');
}

function codeOf({ ours }: Difference): string {
  return ours.outcome === 'refused' ? ours.error.code : '';
}

function messageOf({ ours }: Difference): string {
  return ours.outcome === 'refused' ? ours.error.message : '';
}
