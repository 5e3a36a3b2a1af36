// The contract of npbridge's subcommands. Each is declared in a file of its own in the folder `commands`.
import type { AnyOption, Options, Positional, Positionals, Table } from './options/option.ts';
import { optionsIn } from './options/option.ts';
import { parse } from './options/parse.ts';

/** Exit codes. If a signal ends the program before it is done, the code is 128 and the signal's number, as in shells. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A subcommand: main.ts runs it, and help and completion read it. */
export interface Subcommand {
  /** The paragraphs of its help. */
  readonly about: readonly string[];
  readonly positionals: readonly Positional<unknown>[];
  readonly options: readonly AnyOption[];
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
  return {
    about,
    // Casts: nothing here depends on the types of the values.
    positionals: Object.values(positionals) as Positional<unknown>[],
    options: optionsIn(options as Table),
    parse: (args) => parse(args, positionals, options),
    run: async (args) => await run(...parse(args, positionals, options)),
  };
}
