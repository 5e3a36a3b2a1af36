// The contract of completion scripts. The script of each shell has a file of its own in this folder.
import type { AnyOption, Offers } from '../options/option.ts';
import type { Subcommand } from '../subcommand.ts';

/** A subcommand with its name: the parts that completion needs. */
export interface NamedSubcommand {
  readonly name: string;
  readonly summary: string;
  readonly subcommand: Pick<Subcommand, 'positionals' | 'options'>;
}

/** Returns the script that makes a shell complete the command lines of npbridge: its subcommands, and its own options. */
export type Script = (subcommands: readonly NamedSubcommand[], options: readonly AnyOption[]) => string;

/** Returns true if an offered word is only the beginning of a value, such as `tcp://`. */
export function isBeginning(word: string): boolean {
  return /[^A-Za-z0-9]$/.test(word);
}

/** Returns true if there is anything to offer. */
export function offersAny({ words = [], files = [] }: Offers = {}): boolean {
  return words.length > 0 || files.length > 0;
}

/** Returns a string as one word of bash or zsh, in which nothing is expanded. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
