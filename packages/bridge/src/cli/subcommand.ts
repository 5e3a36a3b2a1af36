// The contract of npbridge's subcommands. Each is declared in a file of its own, in the folder commands.
import type { AnyOption, Options, Positional, Positionals, Table } from './options/option.ts';
import { optionsIn } from './options/option.ts';
import { parse } from './options/parse.ts';

/** Exit codes. If a signal ends the program before it is done, the code is 128 and the signal's number, as shells have it. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** A subcommand, as main.ts runs it, and as the help and completion read it. */
export interface Subcommand {
  /** The paragraphs of its help. */
  readonly about: readonly string[];
  readonly positionals: readonly Positional<unknown>[];
  readonly options: readonly AnyOption[];
  /**
   * Returns the values of a command line, of the positionals and of the options.
   * @throws UsageError
   */
  parse(args: readonly string[]): readonly [unknown, unknown];
  /**
   * Runs a command line. Resolves with the exit code. main.ts prints the error that it rejects with.
   * @throws UsageError
   */
  run(args: readonly string[]): Promise<number>;
}

/** A subcommand in the list of all of them. */
export interface Row {
  /** One line for the list of all subcommands. */
  readonly summary: string;
  load(): Promise<Subcommand>;
}

/** The declaration of a subcommand. `P` are the positionals and `O` the options that it runs with. */
export interface Declaration<P, O> {
  readonly about: readonly string[];
  readonly positionals: Positionals<P>;
  readonly options: Options<O>;
  run(positionals: P, options: O): Promise<number>;
}

/** Returns the subcommand that a declaration makes. */
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
