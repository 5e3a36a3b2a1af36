// The contract of the command line's options. A subcommand declares each of its options once, in a table that has the shape of the
// library's options: the key of an entry is the name of the library's option. Parsing, the help and completion read that table.
// No option is declared here.
import { UsageError } from './usage-error.ts';

/** The words and files that completion offers for a value. */
export interface Offers {
  /** Whole words, and beginnings of words, which end with punctuation: `tcp://`. */
  readonly words?: readonly string[];
  /** The ends of the names of files: `.npy`. */
  readonly files?: readonly string[];
}

/** A kind of value. */
export interface Value<T> {
  /** The word that stands for the value in the help: `MS`. */
  readonly word: string;
  /** The end of an error message that begins with `expected`: `a number`. */
  readonly expected: string;
  readonly offers?: Offers;
  /** Returns the value, or undefined if the text is not one. */
  read(text: string): T | undefined;
}

/** The parts that all options have. */
interface Declared {
  /** The name on the command line, without its dashes. */
  readonly flag: string;
  /** One line for the help and for completion. */
  readonly help: string;
  /** More for the help alone, behind a colon. */
  readonly more?: string;
  /** The library's default, for the help alone. */
  readonly default?: string;
  readonly required?: boolean;
}

/**
 * An option that makes a `T`. It reads one value; or it may be given again and makes a list; or it takes no value, and is true if it is
 * given.
 */
export type Option<T> = Declared &
  (
    | { readonly value: Value<T>; readonly repeats?: false }
    | ([T] extends [readonly (infer E)[]] ? { readonly value: Value<E>; readonly repeats: true } : never)
    | ([T] extends [boolean] ? { readonly value?: undefined; readonly repeats?: false } : never)
  );

/**
 * The options that together make a `T`, such as the options of a function of the library. An option is required if its property of `T` is
 * not optional.
 */
export type Options<T> = { readonly [K in keyof T]: Entry<NonNullable<T[K]>, undefined extends T[K] ? false : true> };

type Entry<T, Required> =
  | (Option<T> & (Required extends true ? { readonly required: true } : unknown))
  | (T extends object ? Options<T> : never);

/** An option that makes anything. */
export type AnyOption = Declared & { readonly value?: Value<unknown> | undefined; readonly repeats?: boolean };

/** A table of options that make anything. */
export interface Table {
  readonly [key: string]: AnyOption | Table;
}

/** A word of the command line that is known by its place: `TARGET`. */
export interface Positional<T> {
  /** The name in the help and in error messages: `IN.npy`. */
  readonly name: string;
  readonly value: Value<T>;
  /** Only the last positionals may be optional. */
  readonly optional?: boolean;
}

/** The positionals that together make a `T`, in the order in which they stand on the command line. */
export type Positionals<T> = { readonly [K in keyof T]: Positional<NonNullable<T[K]>> };

/** Returns whether an entry of a table is an option, and not a table itself. */
export function isOption(entry: AnyOption | Table): entry is AnyOption {
  return typeof entry['flag'] === 'string';
}

/** Returns each option of a table once, in the order of the table. An option may stand in several places of it. */
export function optionsIn(table: Table): AnyOption[] {
  const all = Object.values(table).flatMap((entry) => (isOption(entry) ? [entry] : optionsIn(entry)));
  return [...new Set(all)];
}

/**
 * Returns the value that a text stands for.
 * @param name the name of the option or the positional, for the error message
 * @throws UsageError if the text is not such a value
 */
export function valueFrom<T>(name: string, value: Value<T>, text: string): T {
  const read = value.read(text);
  if (read === undefined) throw new UsageError(`${name} ${JSON.stringify(text)}: expected ${value.expected}`);
  return read;
}
