// What npbridge makes of its arguments: which subcommand, help, and errors as one line on stderr.
import { readFile } from 'node:fs/promises';
import { describeValue, type TransportErrorCode } from '@bridge/transport';
import type { BridgeErrorCode } from '../errors/bridge-error.ts';
import { quoted } from '../errors/quoted.ts';
import { complaint } from '../fronts/complaints.ts';
import { codeOf } from '../observe/ledger.ts';
import { EXIT, type Subcommand, UsageError } from './subcommand.ts';

/** Loaded when they are asked for. */
const SUBCOMMANDS: Readonly<Record<string, { readonly summary: string; load(): Promise<Subcommand> }>> = {
  call: {
    summary: 'send one array from a file to a model, and write its answer to another',
    load: async () => (await import('./commands/call.ts')).call,
  },
  relay: {
    summary: 'forward whole messages from hosts to a model, as a process of its own between them',
    load: async () => (await import('./commands/relay.ts')).relay,
  },
  health: {
    summary: 'say whether the relays of this machine listen, without a connection',
    load: async () => (await import('./commands/health.ts')).health,
  },
};

/** What a value of the command line can be refused with further inside. */
const NOT_UNDERSTOOD: ReadonlySet<unknown> = new Set<BridgeErrorCode | TransportErrorCode>([
  'BRIDGE_TARGET',
  'BRIDGE_OPTION',
  'TRANSPORT_BAD_ADDRESS',
  'TRANSPORT_BAD_OPTION',
]);

/** Runs a command line and answers its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    console.log(await version());
    return EXIT.done;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    (name === undefined ? console.error : console.log)(help());
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const known = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!known) {
    console.error(`npbridge: there is no ${describeValue(name)}\n\n${help()}`);
    return EXIT.usage;
  }
  const subcommand = await known.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    console.log(`usage: npbridge ${subcommand.usage}`);
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

function help(): string {
  const width = Math.max(...Object.keys(SUBCOMMANDS).map(({ length }) => length));
  const lines = Object.entries(SUBCOMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return [
    'usage: npbridge SUBCOMMAND …',
    '',
    ...lines,
    '',
    'npbridge SUBCOMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 not understood, 128 + n ended by signal n.',
  ].join('\n');
}

async function version(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(manifest) as { version?: unknown }).version);
}
