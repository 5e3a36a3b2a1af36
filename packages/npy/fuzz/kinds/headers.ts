// Draws files with headers that resemble NumPy's, by the grammar of Python literals, and then damages them.
import fc from 'fast-check';
import { edited, tokens } from '../../test/header/edits.ts';
import type { Case } from '../case.ts';
import { descrLiteral, typeString } from './descrs.ts';
import { blank, shapeLiteral, stringLiteral } from './literals.ts';

const orders = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('False', 'True') },
  { weight: 1, arbitrary: fc.constantFrom('0', '1', 'None', 'not True', "'True'", '(True)', 'true') },
);

/** Data for any array of a few hundred elements. No two parts of it are equal. */
const DATA = new Uint8Array(4096).map((_, i) => (i * 7 + (i >> 8) * 3) & 0xff);

/** The number of data bytes in the file. */
const dataBytes = fc.oneof({ weight: 8, arbitrary: fc.constant(DATA.length) }, { weight: 1, arbitrary: fc.nat(64) });

export interface Text {
  readonly text: string;
  readonly major: number;
  /** Added to the length in the file. */
  readonly lie?: number;
  readonly data: number;
}

/**
 * Returns a file with a header's text, in latin-1 for versions 1.0 and 2.0 and in UTF-8 for 3.0. Other versions are written like
 * 3.0.
 */
export function fileOf({ text, major, lie = 0, data }: Text): Uint8Array {
  const header = Buffer.from(text, major === 1 || major === 2 ? 'latin1' : 'utf8');
  const length = Buffer.alloc(major === 1 ? 2 : 4);
  const said = Math.max(0, header.length + lie);
  length.writeUIntLE(major === 1 ? said & 0xffff : said, 0, length.length);
  return Buffer.concat([
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0),
    length,
    header,
    DATA.subarray(0, data),
  ]);
}

const major = fc.constantFrom(1, 1, 1, 2, 3, 3);
const token = fc.constantFrom(
  ...tokens,
  ...['\f', '\r', '\0', 'é', '\x80', '漢', '...', '1+2j', 'b', '9999999999999999999', '*', '**{}', 'lambda: 0'],
  ...['@', ';', '~', '`', '$'],
);
const edits = fc.array(fc.record({ at: fc.nat(250), cut: fc.nat(4), put: fc.array(token, { maxLength: 2 }) }), {
  minLength: 1,
  maxLength: 3,
});

const key = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constant(`'${name}'`) },
    { weight: 1, arbitrary: stringLiteral(fc.constant(name)) },
  );

/** Draws a dictionary of the three keys, in any order, with blanks where Python allows them. */
const dictionary = fc
  .record({
    descr: fc.tuple(key('descr'), descrLiteral),
    order: fc.tuple(key('fortran_order'), orders),
    shape: fc.tuple(key('shape'), shapeLiteral),
    swap: fc.constantFrom(0, 0, 0, 1, 2, 3),
    again: fc.oneof(
      { weight: 15, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.tuple(key('shape'), shapeLiteral) },
    ),
    blanks: fc.array(blank, { minLength: 6, maxLength: 6 }),
    comma: fc.constantFrom(', ', ', ', ', ', ',', '', ',,'),
    end: fc.oneof(
      { weight: 10, arbitrary: fc.constantFrom('\n', '  \n', '') },
      { weight: 1, arbitrary: fc.constantFrom(' #', '\n\n', '\n ', '\\', ';', ')', '\0', '\x1a') },
    ),
  })
  .map(({ descr, order, shape, swap, again, blanks, comma, end }) => {
    const [b0 = '', b1 = '', b2 = '', b3 = '', b4 = '', b5 = ''] = blanks;
    const pairs = [descr, order, shape].map(([name, value]) => `${name}${b1}:${b2}${value}`);
    if (swap > 0) pairs.push(...pairs.splice(swap - 1, 1));
    if (again) pairs.unshift(`${again[0]}: ${again[1]}`);
    return `${b0}{${b3}${pairs.join(`${b4},${b5}`)}${comma}}${end}`;
  });

/** Returns the header that NumPy would write for that descr and shape. */
export function plainHeader(descr: string, shape: string, order = 'False'): string {
  return `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
}

/** Headers with several errors at once. Other kinds have one error each. */
export const headers: fc.Arbitrary<Case> = fc
  .record({
    text: dictionary,
    changes: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: edits }),
    major,
    data: dataBytes,
    lie: fc.oneof(
      { weight: 20, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.integer({ min: -130, max: 70 }) },
    ),
  })
  .map(({ text, changes, ...rest }) => ({
    ask: 'load',
    file: fileOf({ ...rest, text: changes ? edited(text, changes) : text }),
  }));

/** Draws a header in which only the descr is unusual. */
export const descrs: fc.Arbitrary<Case> = fc
  .record({
    descr: fc.oneof(
      { weight: 3, arbitrary: typeString.map((text) => JSON.stringify(text)) },
      { weight: 2, arbitrary: descrLiteral },
    ),
    shape: fc.constantFrom('()', '(2,)', '(2,)', '(2, 3)', '(0,)', '(3, 0)'),
    order: fc.constantFrom('False', 'False', 'True'),
    major: fc.constantFrom(1, 1, 3),
  })
  .map(({ descr, shape, order, major }) => {
    const latin = [...descr].every((c) => c <= '\xff');
    return {
      ask: 'load',
      file: fileOf({ text: plainHeader(descr, shape, order), major: latin ? major : 3, data: DATA.length }),
    };
  });
