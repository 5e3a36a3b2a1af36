// Runs a command line of npbridge: finds the subcommand, prints help, and prints an error as one line on stderr.
import { readFile } from 'node:fs/promises';
import { describeValue, type TransportErrorCode } from '@bridge/transport';
import type { BridgeErrorCode } from '../errors/bridge-error.ts';
import { quoted } from '../errors/quoted.ts';
import { complaint } from '../fronts/complaints.ts';
import { codeOf } from '../observe/ledger.ts';
import { columnsOn, helpOf, helpOfOne } from './help.ts';
import { nearestWord } from './options/parse.ts';
import { UsageError } from './options/usage-error.ts';
import { EXIT } from './subcommand.ts';
import { SUBCOMMANDS } from './subcommands.ts';

/** The codes of errors that mean an invalid command line. */
const NOT_UNDERSTOOD: ReadonlySet<unknown> = new Set<BridgeErrorCode | TransportErrorCode>([
  'BRIDGE_TARGET',
  'BRIDGE_OPTION',
  'TRANSPORT_BAD_ADDRESS',
  'TRANSPORT_BAD_OPTION',
]);

const HELP: readonly (string | undefined)[] = ['--help', '-h'];

/** Runs a command line. Resolves with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === '--version') {
    console.log(await version());
    return EXIT.done;
  }
  const columns = columnsOn(process.stdout.columns);
  if (first === undefined) {
    console.error(helpOf(SUBCOMMANDS, columns));
    return EXIT.usage;
  }
  const asksForHelp = first === 'help' || HELP.includes(first);
  const name = asksForHelp ? rest[0] : first;
  if (name === undefined) {
    console.log(helpOf(SUBCOMMANDS, columns));
    return EXIT.done;
  }
  const row = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!row) {
    const nearest = nearestWord(name, Object.keys(SUBCOMMANDS));
    const advice = nearest === undefined ? '' : `; did you mean ${nearest}?`;
    console.error(`npbridge: there is no ${describeValue(name)}${advice}\n\n${helpOf(SUBCOMMANDS, columns)}`);
    return EXIT.usage;
  }
  const subcommand = await row.load();
  if (asksForHelp || rest.some((word) => HELP.includes(word))) {
    console.log(helpOfOne(name, subcommand, columns));
    return EXIT.done;
  }
  try {
    return await subcommand.run(rest);
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`npbridge ${name}: ${quoted(error.message)}\nnpbridge ${name} --help tells more`);
      return EXIT.usage;
    }
    console.error(`npbridge ${name}: ${complaint(error)}`);
    return NOT_UNDERSTOOD.has(codeOf(error)) ? EXIT.usage : EXIT.failed;
  }
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
