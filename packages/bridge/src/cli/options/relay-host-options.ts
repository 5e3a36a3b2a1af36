// Options for the hosts that a subcommand answers: their dialect and their limits.
import type { ListenLimits } from '@bridge/transport/tcp';
import type { HostOptions } from '../../targets/host-options.ts';
import { codec } from './codec-option.ts';
import { dialect } from './dialect-option.ts';
import { replyLimits } from './limit-options.ts';
import { count, milliseconds } from './number.ts';
import type { Option, Options, Value } from './option.ts';
import { address } from './target.ts';

/** The address at which to listen. `npbridge health` looks for this option in the command lines of relays. */
export const from: Option<string> & { readonly required: true } = {
  flag: 'from',
  value: address,
  help: 'the address at which to listen',
  required: true,
};

const octal: Value<number> = {
  word: 'OCTAL',
  expected: 'octal digits, such as 600',
  offers: { words: ['600', '660', '666'] },
  read: (text) => (/^[0-7]{3,4}$/.test(text) ? Number.parseInt(text, 8) : undefined),
};

const listenLimits: Options<Partial<Omit<ListenLimits, 'maxHandlers' | 'maxQueued' | 'handlerMs'>>> = {
  ...replyLimits,
  maxHeldBytes: {
    flag: 'max-held-bytes',
    value: count,
    help: 'the most bytes of all messages in memory together',
    default: 'two of the largest messages, and at least 64 MiB',
  },
  maxConnections: {
    flag: 'max-connections',
    value: count,
    help: 'the most hosts at once; a further one replaces an idle one',
    default: '256',
  },
  firstByteMs: {
    flag: 'first-byte-ms',
    value: milliseconds,
    help: 'the longest time from the opening of a connection to its first byte',
    default: '10000',
  },
  messageMs: {
    flag: 'message-ms',
    value: milliseconds,
    help: "the longest time from a message's first byte to its last",
    default: '1800000',
  },
  takeMs: {
    flag: 'take-ms',
    value: milliseconds,
    help: 'the time within which a host has to read some of its reply, or its connection is closed',
    default: '60000',
  },
  idleMs: {
    flag: 'idle-ms',
    value: milliseconds,
    help: 'the longest time between two messages of a connection',
    default: '3600000',
  },
  closeMs: { flag: 'close-ms', value: milliseconds, help: 'the longest time for ending the relay', default: '10000' },
};

/** The dialect and codec of hosts, and their limits. */
export const hostOptions: Options<Pick<HostOptions, 'dialect' | 'codec' | 'permissions' | 'limits'>> = {
  dialect: { flag: 'host-dialect', value: dialect, help: 'the dialect of the hosts', default: 'the same as the model' },
  codec: {
    flag: 'host-codec',
    value: codec,
    help: "the codec of the hosts; messages are converted if it is not the model's",
    default: 'that of their dialect, or that of the model',
  },
  permissions: {
    flag: 'permissions',
    value: octal,
    help: 'which users may connect to a Unix socket: the permissions of its file',
    default: 'what the umask leaves',
  },
  limits: listenLimits,
};
