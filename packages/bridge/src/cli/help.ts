// The help of npbridge, and that of one subcommand, both made from the declarations of the subcommands.
import { type AnyOption, optionsIn, type Table } from './options/option.ts';
import { programOptions } from './options/program-options.ts';
import type { Row, Subcommand } from './subcommand.ts';

/** The most columns of a help, and the fewest to which its lines are wrapped. */
const COLUMNS = 100;
const LEAST_COLUMNS = 50;

/** Returns the number of columns for a help on a terminal with so many columns; `terminal` is undefined if there is no terminal. */
export function columnsOn(terminal: number | undefined): number {
  return Math.max(LEAST_COLUMNS, Math.min(COLUMNS, terminal || COLUMNS));
}

/** Returns the help of npbridge itself. */
export function helpOf(subcommands: Readonly<Record<string, Row>>, columns: number): string {
  const rows = Object.entries(subcommands).map(([name, { summary }]) => [name, summary] as const);
  const exits = 'Exit codes: 0 done, 1 failed, 2 invalid command line, 128 + n ended by signal n.';
  return [
    'usage: npbridge SUBCOMMAND …',
    '',
    ...twoColumns([...rows, ...optionsIn(programOptions as Table).map(rowOf)], columns),
    '',
    ...wrapped(`npbridge SUBCOMMAND --help tells more. ${exits}`, columns),
  ].join('\n');
}

/** Returns the help of one subcommand. */
export function helpOfOne(name: string, { about, positionals, options }: Subcommand, columns: number): string {
  const words = [
    ...positionals.map((each) => (each.optional ? `[${each.name}]` : each.name)),
    ...options.filter(({ required }) => required).map(written),
    ...(options.some(({ required, alone }) => !required && !alone) ? ['[OPTION …]'] : []),
  ];
  const rows = options.map(rowOf);
  return [
    ...wrapped(`usage: npbridge ${[name, ...words].join(' ')}`, columns),
    ...about.flatMap((paragraph) => ['', ...wrapped(paragraph, columns)]),
    ...(rows.length > 0 ? ['', ...twoColumns(rows, columns)] : []),
  ].join('\n');
}

function rowOf(option: AnyOption): readonly [string, string] {
  return [written(option), helpText(option)];
}

function written({ flag, short, value }: AnyOption): string {
  const name = short === undefined ? `--${flag}` : `--${flag}, -${short}`;
  return value ? `${name} ${value.word}` : name;
}

function helpText({ help, more, repeats, default: otherwise }: AnyOption): string {
  const all = more === undefined ? help : `${help}: ${more}`;
  return [all, ...(repeats ? ['(may be given again)'] : []), ...(otherwise ? [`(default: ${otherwise})`] : [])].join(
    ' ',
  );
}

function twoColumns(rows: readonly (readonly [string, string])[], columns: number): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  const indent = width + 4;
  return rows.flatMap(([left, right]) =>
    wrapped(right, columns - indent).map((line, i) => `  ${(i === 0 ? left : '').padEnd(width)}  ${line}`),
  );
}

/** Returns a text as lines of at most so many columns. A word that is longer than a line has a line of its own. */
function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  // A short default is not split.
  for (const word of text.match(/\(default: [^)]{1,20}\)|\S+/g) ?? []) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
