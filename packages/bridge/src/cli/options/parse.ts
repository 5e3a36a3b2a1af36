// Parses the words of a command line into the values that tables of options and positionals declare. Node's parseArgs splits the words.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { describeValue } from '@bridge/transport';
import { nearestName } from '@bridge/transport/internal';
import {
  type AnyOption,
  isOption,
  type Options,
  optionsIn,
  type Positional,
  type Positionals,
  type Table,
  valueFrom,
} from './option.ts';
import { UsageError } from './usage-error.ts';

type Words = Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;

/** The character with which Node.js replaces bytes that are not UTF-8. */
const REPLACED = '\ufffd';

/**
 * Returns the values of the positionals, and those of the options in the shape of their table, without options that are not given.
 * @throws UsageError for unknown options, for missing or unexpected positionals, for values of the wrong kind, and for words that were not
 *   UTF-8: Node.js has lost their bytes, so the name of a file would be that of another file
 */
export function parse<P, O>(
  args: readonly string[],
  positionals: Positionals<P>,
  options: Options<O>,
): readonly [P, O] {
  const lost = args.find((word) => word.includes(REPLACED));
  if (lost !== undefined) {
    throw new UsageError(
      `${describeValue(lost)} is not UTF-8, so that the name of the file is lost: rename the file, or give - and redirect it to the file`,
    );
  }
  // Casts: the types of the two tables say from which values P and O are made.
  const table = options as Table;
  const { values, positionals: words } = split(args, optionsIn(table));
  const placed = place(words, positionals as Readonly<Record<string, Positional<unknown>>>);
  return [placed as P, build(table, values) as O];
}

function split(args: readonly string[], options: readonly AnyOption[]): { values: Words; positionals: string[] } {
  const config = configFor(args, options);
  try {
    return parseArgs({ ...config, strict: true });
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? firstUnknown(config) : undefined;
    // The first sentence says what is wrong, and the others advise. Only the message about an ambiguous value needs them.
    const said = message.includes('\n') ? message.replaceAll('\n', ' ') : message.split('. ')[0];
    throw new UsageError(`${said}${unknown ? meant(unknown, options) : ''}`);
  }
}

/** Returns true if a command line has an option. The rest of it may be invalid. */
export function isGiven({ flag }: AnyOption, args: readonly string[], options: readonly AnyOption[]): boolean {
  const { tokens } = parseArgs({ ...configFor(args, options), strict: false, tokens: true });
  return tokens.some((token) => token.kind === 'option' && token.name === flag);
}

function configFor(args: readonly string[], options: readonly AnyOption[]) {
  return {
    args: [...args],
    options: Object.fromEntries(options.map((each) => [each.flag, configOf(each)])),
    allowPositionals: true,
  } as const satisfies ParseArgsConfig;
}

function configOf({ value, short, repeats = false }: AnyOption): NonNullable<ParseArgsConfig['options']>[string] {
  return { type: value ? 'string' : 'boolean', multiple: repeats, ...(short !== undefined && { short }) };
}

function firstUnknown(config: ParseArgsConfig & { readonly options: object }): string | undefined {
  const { tokens } = parseArgs({ ...config, strict: false, tokens: true });
  const unknown = tokens.find((token) => token.kind === 'option' && !Object.hasOwn(config.options, token.name));
  return unknown?.kind === 'option' ? unknown.name : undefined;
}

function meant(name: string, options: readonly AnyOption[]): string {
  const nearest = nearestWord(
    name,
    options.map(({ flag }) => flag),
  );
  return nearest === undefined ? '' : `; did you mean --${nearest}?`;
}

/** Returns the known word that `word` was probably meant to be: one that differs a little from it, or begins with it. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  // Two words of at most two letters never differ by more than two letters, so any word would seem near.
  if (word.length < 3) return undefined;
  return nearestName(word, known) ?? known.find((each) => each.startsWith(word));
}

function place(words: readonly string[], positionals: Readonly<Record<string, Positional<unknown>>>): object {
  const declared = Object.entries(positionals);
  const missing = declared.find(([, { optional = false }], i) => i >= words.length && !optional);
  if (missing) throw new UsageError(`${missing[1].name} is missing`);
  if (words.length > declared.length) throw new UsageError(`unexpected argument: ${words[declared.length]}`);
  const given = declared.flatMap(([key, { name, value }], i): [string, unknown][] => {
    const word = words[i];
    if (word === undefined) return [];
    if (word === '') throw new UsageError(`${name} is empty`);
    return [[key, valueFrom(name, value, word)]];
  });
  return Object.fromEntries(given);
}

function build(table: Table, words: Words): object {
  const given = Object.entries(table).flatMap(([key, entry]): [string, unknown][] => {
    if (!isOption(entry)) return [[key, build(entry, words)]];
    const word = words[entry.flag];
    if (word === undefined && entry.required) throw new UsageError(`--${entry.flag} is missing`);
    return word === undefined ? [] : [[key, made(entry, word)]];
  });
  return Object.fromEntries(given);
}

function made({ flag, value }: AnyOption, word: NonNullable<Words[string]>): unknown {
  if (!value) return word;
  const one = (text: unknown): unknown => valueFrom(`--${flag}`, value, String(text));
  return Array.isArray(word) ? word.map(one) : one(word);
}
