// Runs a command line of npbridge: finds the subcommand, prints help, and prints an error as one line on stderr.
import { readFile } from 'node:fs/promises';
import { describeValue, type TransportErrorCode } from '@bridge/transport';
import type { BridgeErrorCode } from '../errors/bridge-error.ts';
import { quoted } from '../errors/quoted.ts';
import { failureText } from '../fronts/default-on-error.ts';
import { codeOf } from '../observe/ledger.ts';
import { columnsOn, helpOf, helpOfOne } from './help.ts';
import type { Positional } from './options/option.ts';
import { nearestWord, parse } from './options/parse.ts';
import { type ProgramOptions, programOptions } from './options/program-options.ts';
import { UsageError } from './options/usage-error.ts';
import { EXIT, type Subcommand } from './subcommand.ts';
import { SUBCOMMANDS } from './subcommands.ts';

/** The codes of errors that mean an invalid command line. */
const NOT_UNDERSTOOD: ReadonlySet<unknown> = new Set<BridgeErrorCode | TransportErrorCode>([
  'BRIDGE_TARGET',
  'BRIDGE_OPTION',
  'TRANSPORT_BAD_ADDRESS',
  'TRANSPORT_BAD_OPTION',
]);

/** Runs a command line. Resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === undefined) {
    console.error(helpOf(SUBCOMMANDS, columns()));
    return EXIT.usage;
  }
  if (first === 'help') return await runProgramOption(['--help', ...rest]);
  if (first.startsWith('-')) return await runProgramOption(args);
  const subcommand = await subcommandOf(first);
  if (!subcommand) return unknown(first);
  if (subcommand.asksForHelp(rest)) return await printHelp(first);
  try {
    return await subcommand.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`npbridge ${first}: ${quoted(error.message)}\nnpbridge ${first} --help tells more`);
      return EXIT.usage;
    }
    console.error(`npbridge ${first}: ${failureText(error)}`);
    return NOT_UNDERSTOOD.has(codeOf(error)) ? EXIT.usage : EXIT.failed;
  }
}

/** A word of the command line that any subcommand's name may be. */
const name: Positional<string> = {
  name: 'SUBCOMMAND',
  value: { word: 'SUBCOMMAND', expected: 'a subcommand', read: (text) => text },
  optional: true,
};

/** Runs a command line that begins with an option of npbridge itself: `--version`, or `--help SUBCOMMAND`, which `help SUBCOMMAND` is as well. */
async function runProgramOption(args: readonly string[]): Promise<number> {
  try {
    const [word, options] = parse<{ readonly name?: string }, ProgramOptions>(args, { name }, programOptions);
    if (options.help) return await printHelp(word.name);
    if (!options.version) return unknown(args[0] ?? '');
    console.log(await version());
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`npbridge: ${quoted(error.message)}\n\n${helpOf(SUBCOMMANDS, columns())}`);
    return EXIT.usage;
  }
}

async function printHelp(word: string | undefined): Promise<number> {
  const subcommand = word === undefined ? undefined : await subcommandOf(word);
  if (word !== undefined && !subcommand) return unknown(word);
  console.log(word && subcommand ? helpOfOne(word, subcommand, columns()) : helpOf(SUBCOMMANDS, columns()));
  return EXIT.done;
}

/** Prints that there is no such subcommand. Returns the exit code. */
function unknown(word: string): number {
  const nearest = nearestWord(word, Object.keys(SUBCOMMANDS));
  const advice = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  console.error(`npbridge: there is no ${describeValue(word)}${advice}\n\n${helpOf(SUBCOMMANDS, columns())}`);
  return EXIT.usage;
}

async function subcommandOf(word: string): Promise<Subcommand | undefined> {
  return Object.hasOwn(SUBCOMMANDS, word) ? await SUBCOMMANDS[word]?.load() : undefined;
}

function columns(): number {
  return columnsOn(process.stdout.columns);
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
