// npbridge relay: runs a relay between hosts and a model as a process of its own.
import { once } from 'node:events';
import { quoted } from '../../errors/quoted.ts';
import { relay as openRelay, type RelayOptions } from '../../fronts/relay.ts';
import type { Stats } from '../../observe/ledger.ts';
import type { HostOptions } from '../../targets/host-options.ts';
import { from, hostOptions } from '../options/relay-host-options.ts';
import { schema } from '../options/schema-option.ts';
import { ADDRESSES, address, modelOptions, queueOptions } from '../options/target.ts';
import { stopping } from '../stopping/stopping.ts';
import { EXIT, type Subcommand, subcommand } from '../subcommand.ts';

interface Options {
  readonly from: string;
  readonly to: readonly string[];
  readonly relay: Pick<RelayOptions, 'input' | keyof typeof modelOptions | keyof typeof queueOptions> & {
    readonly hosts?: Pick<HostOptions, keyof typeof hostOptions>;
  };
}

export const relay: Subcommand = subcommand<object, Options>({
  about: [
    `Listens at one address and lets the model at the other answer every whole message, one after the other. A message that its host does
    not finish never reaches the model. ${ADDRESSES} With --${from.flag} tcp://host:0 it uses any free port. When it listens, it prints
    its address. Messages that are not answered are reported on stderr.`,
    `On SIGINT, SIGTERM or SIGHUP it takes no more messages, answers those that have arrived, and ends. A second signal ends it at once.`,
  ],
  positionals: {},
  options: {
    from,
    to: {
      flag: 'to',
      value: address,
      help: 'the model, or one of several equal models',
      required: true,
      repeats: true,
    },
    relay: {
      input: {
        flag: 'input',
        value: schema,
        help: 'the arrays that are relayed; others are rejected',
        more: schema.expected,
      },
      ...modelOptions,
      ...queueOptions,
      hosts: hostOptions,
    },
  },

  async run(_, { from, to, relay: options }) {
    using stop = stopping();
    const relayed = await openRelay(from, to, options);
    console.log(quoted(relayed.address));
    if (!stop.signal.aborted) await once(stop.signal, 'abort');
    await relayed.close();
    console.error(quoted(account(relayed.stats)));
    return EXIT.done;
  },
});

function account({ calls, answered, failures }: Stats): string {
  const codes = Object.entries(failures).map(([code, count]) => `${code} ${count}`);
  return `${calls} messages, ${answered} answered${codes.length > 0 ? `; ${codes.join(', ')}` : ''}`;
}
