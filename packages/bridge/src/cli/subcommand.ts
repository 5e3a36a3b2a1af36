// The contract of npbridge's subcommands. Each is declared in a file of its own in the folder `commands`.
import type { AnyOption, Options, Positional, Positionals, Table } from './options/option.ts';
import { optionsIn } from './options/option.ts';
import { isGiven, parse } from './options/parse.ts';
import { helpOption } from './options/program-options.ts';

/** Exit codes. If a signal ends the program before it is done, the code is 128 and the signal's number, as in shells. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A subcommand: main.ts runs it, and help and completion read it. */
export interface Subcommand {
  /** The paragraphs of its help. */
  readonly about: readonly string[];
  readonly positionals: readonly Positional<unknown>[];
  /** Its own options, and the one that asks for its help. */
  readonly options: readonly AnyOption[];
  /** Returns true if a command line asks for the help of the subcommand. The rest of it may be invalid. */
  asksForHelp(args: readonly string[]): boolean;
  /**
   * Returns the values of the positionals and those of the options on a command line.
   * @throws UsageError for an invalid command line
   */
  parse(args: readonly string[]): readonly [unknown, unknown];
  /**
   * Runs a command line. Resolves with the exit code. If it rejects, main.ts prints the error.
   * @throws UsageError for an invalid command line
   */
  run(args: readonly string[]): Promise<number>;
}

/** The entry of a subcommand in the list of all subcommands. */
export interface Row {
  /** One line for that list. */
  readonly summary: string;
  load(): Promise<Subcommand>;
}

/** The declaration of a subcommand, whose positionals make a `P` and whose options make an `O`. */
export interface Declaration<P, O> {
  readonly about: readonly string[];
  readonly positionals: Positionals<P>;
  readonly options: Options<O>;
  run(positionals: P, options: O): Promise<number>;
}

/** Returns the subcommand of a declaration. */
export function subcommand<P, O>({ about, positionals, options, run }: Declaration<P, O>): Subcommand {
  const table = { ...options, help: helpOption } as Options<O & { readonly help?: boolean }>;
  // Casts: nothing here depends on the types of the values.
  const all = optionsIn(table as Table);
  return {
    about,
    positionals: Object.values(positionals) as Positional<unknown>[],
    options: all,
    asksForHelp: (args) => isGiven(helpOption, args, all),
    parse: (args) => parse(args, positionals, table),
    run: async (args) => await run(...parse(args, positionals, table)),
  };
}
