// Draws Python literals, of which headers consist, in all their spellings and in some invalid ones.
import fc from 'fast-check';

/** Draws blanks that Python skips, most often none. */
export const blank = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom('', ' ') },
  { weight: 16, arbitrary: fc.constantFrom('  ', '\t', '\n', '\r\n', '\r', '\f', '\\\n', '#c\n', '#"}\n', ' \n\t') },
  { weight: 1, arbitrary: fc.constantFrom('\v', '\u00a0', '\0', '\\ \n', '\x1a', '\u2028', '\ufeff') },
);

/** Returns one of the spellings of a character in a string. */
function spelledCharacter(c: string, how: number, quote: string): string {
  const code = c.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (how === 1 && code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  if (how === 2 && code <= 0xffff) return `\\u${hex.padStart(4, '0')}`;
  if (how === 3) return `\\U${hex.padStart(8, '0')}`;
  if (how === 4 && code <= 0o777) return `\\${code.toString(8).padStart(3, '0')}`;
  if (c === '\\' || c === quote) return `\\${c}`;
  if (c === '\n') return '\\n';
  if (c === '\r') return '\\r';
  return code >= 0xd800 && code <= 0xdfff ? `\\u${hex}` : c;
}

const quotes = fc.constantFrom("'", "'", "'", '"', "'''", '"""');
const prefixes = fc.oneof(
  { weight: 16, arbitrary: fc.constant('') },
  { weight: 2, arbitrary: fc.constantFrom('u', 'U', 'r', 'R') },
  { weight: 1, arbitrary: fc.constantFrom('b', 'B', 'f', 'br', 'ur', 'Rb') },
);

/** Draws a spelling of a text as a Python string, with any quotes, prefixes and escapes, in one piece or in two. */
export function stringLiteral(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .record({
      text,
      quote: quotes,
      prefix: prefixes,
      // These numbers choose which characters are escaped, and how; most often none is.
      escaped: fc.nat(20),
      how: fc.constantFrom(0, 0, 1, 2, 3, 4),
      cut: fc.oneof({ weight: 9, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(4) }),
      between: blank,
    })
    .map(({ text, quote, prefix, escaped, how, cut, between }) => {
      const characters = [...text].map((c, i) => spelledCharacter(c, i === escaped ? how : 0, quote[0] ?? ''));
      const piece = (from: number, to?: number): string => prefix + quote + characters.slice(from, to).join('') + quote;
      return cut < 0 ? piece(0) : piece(0, cut) + between + piece(cut);
    });
}

/** Draws a spelling of an integer. */
export const sizeLiteral: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: fc.nat(6).map(String) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.nat(20),
        fc.constantFrom('L', ' L', 'l', '0x', '0o', '0b', '+', '-', '- ', '(', '00', '_0', 'LL', '.0', 'e0', 'j'),
      )
      .map(([n, how]) => spelledSize(n, how)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        'True',
        'False',
        'None',
        "'2'",
        '(2,)',
        '[2]',
        '2147483648',
        '4294967296',
        '9007199254740991',
        '9007199254740992',
      ],
      ...[
        '9223372036854775807',
        '9223372036854775808',
        '18446744073709551616',
        '1000000',
        '65536',
        '1_000',
        '1__0',
        '08',
        '1 2',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.bigInt({ min: -3n, max: 2n ** 65n }).map(String) },
);

function spelledSize(n: number, how: string): string {
  if (how === '0x') return `0x${n.toString(16)}`;
  if (how === '0o') return `0o${n.toString(8)}`;
  if (how === '0b') return `0b${n.toString(2)}`;
  if (how === '(') return `((${n}))`;
  return ['+', '-', '- ', '00'].includes(how) ? how + n : n + how;
}

/** Draws a tuple of sizes, or a text that resembles one. */
export const shapeLiteral: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({ sizes: fc.array(sizeLiteral, { maxLength: 4 }), comma: fc.boolean(), space: blank })
      .map(
        ({ sizes, comma, space }) =>
          `(${sizes.join(`,${space}`)}${(comma && sizes.length > 0) || sizes.length === 1 ? ',' : ''})`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '(2)',
      '2',
      '[2]',
      '[2, 3]',
      '(,)',
      '(2,,)',
      '((2, 3))',
      '((2,),)',
      '{2}',
      '{}',
      'None',
      "'2'",
      '(2 3)',
      '( )',
    ),
  },
  // NumPy 2 has 64 dimensions, NumPy 1 has 32.
  { weight: 1, arbitrary: fc.integer({ min: 28, max: 70 }).map((n) => `(${'1,'.repeat(n)})`) },
);
