// What a subcommand of npbridge is, and how it ends.
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { describeValue } from '@bridge/transport';

/** One of npbridge's subcommands; each has a file of its own. */
export interface Subcommand {
  /** Arguments and options, as the help shows them. */
  readonly usage: string;
  /** Runs it, and answers the exit code. What it throws is told in one line. */
  run(args: readonly string[]): Promise<number>;
}

/** Exit codes. A signal that ended it before it was done gives 128 and the signal's number, as a shell does. */
export const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The command line is not one that is understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>;

/** What Node makes of bytes that are no UTF-8. */
const REPLACED = '\ufffd';

/**
 * @throws UsageError for options that are none of these, for another number of positionals than are named, and for words whose
 *   bytes are lost: a file of that name would be another one
 */
export function parse<O extends Options>(args: readonly string[], options: O, names: readonly string[]): Parsed<O> {
  const lost = args.find((word) => word.includes(REPLACED));
  if (lost !== undefined) {
    throw new UsageError(
      `${describeValue(lost)} is not UTF-8, and cannot be told from others: rename the file, or redirect - to it`,
    );
  }
  const parsed = attempt(() => parseArgs({ args: [...args], options, allowPositionals: true, strict: true }));
  const { length } = parsed.positionals;
  if (length < names.length) throw new UsageError(`${names[length]} is missing`);
  if (length > names.length) throw new UsageError(`unexpected: ${parsed.positionals[names.length]}`);
  const empty = parsed.positionals.indexOf('');
  if (empty >= 0) throw new UsageError(`${names[empty]} is empty`);
  return parsed;
}

function attempt<T>(parseOptions: () => T): T {
  try {
    return parseOptions();
  } catch (error) {
    const { message } = error as Error;
    // In one line the first sentence says what is wrong, and the rest how one could have meant it; of several all are needed.
    throw new UsageError(message.includes('\n') ? message.replaceAll('\n', ' ') : message.split('. ')[0]);
  }
}

/** @throws UsageError where there is none */
export function required(option: string, value: string | undefined): string {
  if (value === undefined) throw new UsageError(`${option} is missing`);
  return value;
}

/** Without what was left out. */
export function given<T extends object>(options: T): { [K in keyof T]: NonNullable<T[K]> } {
  const kept = Object.entries(options).filter(([, value]) => value !== undefined);
  // Whoever reads it takes what is missing for what was left out.
  return Object.fromEntries(kept) as { [K in keyof T]: NonNullable<T[K]> };
}

/** @throws UsageError for what is no number from 0 on */
export function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0) return value;
  throw new UsageError(`${option} ${JSON.stringify(text)}: expected a number`);
}
