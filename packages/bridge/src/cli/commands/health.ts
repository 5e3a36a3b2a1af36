// npbridge health: says whether relays listen at their addresses, from the kernel's tables. A connection would prove more, but relays
// stand in front of models that a connection without a message would end.
import { readdir, readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describeValue } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import { parseAddress } from '../../targets/parse-address.ts';
import { from } from '../options/relay-host-options.ts';
import { address } from '../options/target.ts';
import { UsageError } from '../options/usage-error.ts';
import { EXIT, type Subcommand, subcommand } from '../subcommand.ts';

interface Positionals {
  readonly address?: string;
}

export const health: Subcommand = subcommand<Positionals, object>({
  about: [
    `Exits with 0 if a program listens at ADDRESS on this machine or in this container, and with 1 if none does. Without ADDRESS, checks
    the --${from.flag} of every npbridge relay that runs here. Reads the kernel's tables (Linux only), and opens no connection.`,
  ],
  positionals: { address: { name: 'ADDRESS', value: address, optional: true } },
  options: {},

  async run({ address }) {
    const addresses = address === undefined ? await relayAddresses() : [address];
    const silent: string[] = [];
    for (const address of addresses) if (!(await isListening(address))) silent.push(address);
    if (addresses.length === 0) console.error('no npbridge relay runs here');
    else if (silent.length > 0) console.error(quoted(`nothing listens at ${silent.join(', ')}`));
    else console.log(quoted(`listens at ${addresses.join(', ')}`));
    return addresses.length > 0 && silent.length === 0 ? EXIT.done : EXIT.failed;
  },
});

/**
 * Resolves with whether a program of this machine listens at an address.
 * @throws BridgeError BRIDGE_TARGET for an invalid address; UsageError if the kernel does not tell
 */
async function isListening(text: string): Promise<boolean> {
  const { listening } = parseAddress(text);
  const answer = await listening?.();
  if (answer !== undefined) return answer;
  throw new UsageError(
    listening
      ? 'this system has no tables of listening sockets, as Linux has'
      : `expected an address whose listeners the kernel knows, such as a TCP port or a Unix socket, got ${describeValue(text)}`,
  );
}

/** Resolves with the `--from` of every relay that runs on this machine, without repetitions. */
async function relayAddresses(): Promise<string[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = new Set<string>();
  for (const pid of processes) {
    // A process may end before it is read.
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const at = words.findIndex(
      (word, index) => word === 'relay' && /(?:^|\/)npbridge(?:\.\w+)?$/.test(words[index - 1] ?? ''),
    );
    if (at < 0) continue;
    const options = { [from.flag]: { type: 'string' } } as const;
    const { values } = parseArgs({ args: words.slice(at + 1), options, strict: false, allowPositionals: true });
    const value = values[from.flag];
    if (typeof value === 'string') found.add(value);
  }
  return [...found];
}
