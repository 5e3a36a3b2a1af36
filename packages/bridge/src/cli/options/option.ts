// The contract of the command line's options. A subcommand declares each option once, in a table with the shape of the library's options:
// the key of an entry is the name of the library's option. Parsing, help and completion use that table. No option is declared here.
import { UsageError } from './usage-error.ts';

/** The words and files that completion offers for a value. */
export interface Offers {
  /** Whole words, and beginnings of words, which end with punctuation: `tcp://`. */
  readonly words?: readonly string[];
  /** The endings of file names: `.npy`. */
  readonly files?: readonly string[];
}

/** A kind of value, such as a number of milliseconds. */
export interface Value<T> {
  /** The word that stands for the value in the help: `MS`. */
  readonly word: string;
  /** The kind of value for an error message, behind `expected`: `a number`. */
  readonly expected: string;
  readonly offers?: Offers;
  /** Returns the value of a string from the command line; undefined if the string is invalid. */
  read(text: string): T | undefined;
}

/** The parts of every option. */
interface Declared {
  /** The name on the command line, without its dashes. */
  readonly flag: string;
  /** A letter that may be given with one dash instead. */
  readonly short?: string;
  /** True if the option stands alone: the rest of the command line is not looked at. */
  readonly alone?: boolean;
  /** One line for the help and for completion. */
  readonly help: string;
  /** More text for the help, which follows `help` and a colon. */
  readonly more?: string;
  /** The library's default, for the help. */
  readonly default?: string;
  readonly required?: boolean;
}

/**
 * An option whose value has the type `T`. It takes one value; or it may be repeated, and makes a list; or it takes no value, and is true if
 * it is given.
 */
export type Option<T> = Declared &
  (
    | { readonly value: Value<T>; readonly repeats?: false }
    | ([T] extends [readonly (infer E)[]] ? { readonly value: Value<E>; readonly repeats: true } : never)
    | ([T] extends [boolean] ? { readonly value?: undefined; readonly repeats?: false } : never)
  );

/**
 * The options whose values make a `T` together, such as the options of a function of the library. An option is required if its property
 * of `T` is not optional.
 */
export type Options<T> = { readonly [K in keyof T]: Entry<NonNullable<T[K]>, undefined extends T[K] ? false : true> };

type Entry<T, Required> =
  | (Option<T> & (Required extends true ? { readonly required: true } : unknown))
  | (T extends object ? Options<T> : never);

/** An option of any type. */
export type AnyOption = Declared & { readonly value?: Value<unknown> | undefined; readonly repeats?: boolean };

/** A table of options of any type. Tables may be nested. */
export interface Table {
  readonly [key: string]: AnyOption | Table;
}

/** A word of the command line that is known by its position: `TARGET`. */
export interface Positional<T> {
  /** The name in the help and in error messages: `IN.npy`. */
  readonly name: string;
  readonly value: Value<T>;
  /** Only the last positionals may be optional. */
  readonly optional?: boolean;
}

/** The positionals whose values make a `T` together, in the order of the command line. */
export type Positionals<T> = { readonly [K in keyof T]: Positional<NonNullable<T[K]>> };

/** Returns true if an entry of a table is an option, and not a table. */
export function isOption(entry: AnyOption | Table): entry is AnyOption {
  return typeof entry['flag'] === 'string';
}

/** Returns each option of a table once, in the order of the table. An option may be in several places of it. */
export function optionsIn(table: Table): AnyOption[] {
  const all = Object.values(table).flatMap((entry) => (isOption(entry) ? [entry] : optionsIn(entry)));
  return [...new Set(all)];
}

/**
 * Returns the value of a string from the command line.
 * @param name the name of the option or the positional, for the error message
 * @throws UsageError if the string is not such a value
 */
export function valueFrom<T>(name: string, value: Value<T>, text: string): T {
  const read = value.read(text);
  if (read === undefined) throw new UsageError(`${name} ${JSON.stringify(text)}: expected ${value.expected}`);
  return read;
}
