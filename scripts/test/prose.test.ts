// The check of plain English reads the comments, strings and paragraphs of a file, and reports the sentences that break a rule.
import { expect, test } from 'vitest';
import { passagesOf } from '../prose/passages.mjs';
import { faultsIn } from '../prose/rules.mjs';

function told(file: string, text: string): string[] {
  return passagesOf(file, text).flatMap(({ kind, from, text: passage }) =>
    faultsIn(passage, { isProse: kind !== 'string' }).map(({ at }) => /^\S+/.exec(text.slice(from + at))?.[0] ?? ''),
  );
}

test('comments of a program, and nothing that only looks like one', () => {
  const text = `
// What nobody can read.
/** Whoever reads it. */
const a = '// What is in a string';
const b = \`/* Of a template */ \${1 /* Of an expression */}\`;
const c = /\\/\\/ What/;
const d = 1; // It is one.
// The first line,
// What is in the second belongs to it.
// @ts-expect-error What a tool reads
`;
  expect(told('a.ts', text)).toEqual(['What', 'Whoever', 'Of', 'It']);
});

test('a sentence in a comment of several lines, and each paragraph', () => {
  const text = `
/**
 * Returns nothing. Who asks is told. It is told once, and where it matters.
 *
 * It begins a paragraph.
 * @param what what is asked. Whose it is.
 * @example
 * // What is code
 */
`;
  expect(told('a.mjs', text)).toEqual(['Who', 'It', 'Whose']);
});

test('questions and code may begin as they do', () => {
  expect(told('a.ts', '// Where does it go? To `b`.\n\n// `What` is a name. `Who` too.\n')).toEqual([]);
});

test('turns of phrase, in strings as well', () => {
  const text =
    "// A limit that is none. Where there is\n// none, he starts anew: his.\nthrow new Error('started anew');\n";
  expect(told('a.ts', text)).toEqual(['is', 'anew:', 'he', 'his.', "anew');"]);
  expect(told('a.ts', '// There is none. They are none of ours. The theme is renewed.\n')).toEqual([]);
});

test('Python: comments and docstrings', () => {
  const text = `"""What it is."""
# Of one
# line. Who asks.
x = "# What is a string"
def f():
    '''Whether it is.'''
    return r"anew"  # It is.
`;
  expect(told('a.py', text)).toEqual(['What', 'Of', 'Who', 'Whether', 'anew"', 'It']);
});

test('Markdown: paragraphs, lists and cells, but neither headings nor code', () => {
  const text = `# What it is

It is \`what\` it is. [Who](https://example.org/?What) asks.

- Of each item
- *Whoever* reads

| What | b |
| --- | --- |
| Whether | a |

\`\`\`ts
// What is code
\`\`\`
`;
  expect(told('a.md', text)).toEqual(['It', 'Who](https://example.org/?What)', 'Of', 'Whoever*', 'Whether']);
});
