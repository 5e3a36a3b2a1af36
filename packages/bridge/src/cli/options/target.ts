// The model that a subcommand calls: its address, its dialect, and the queue in front of it.
import type { GuardedOptions } from '../../model/open-guard.ts';
import { dialect } from './dialect.ts';
import { replyLimits } from './limits.ts';
import { count, milliseconds } from './number.ts';
import type { Options, Value } from './option.ts';

/** An address. The library checks it. */
export const address: Value<string> = {
  word: 'ADDRESS',
  expected: 'an address',
  offers: { words: ['tcp://', 'unix:///', 'unix:@'] },
  read: (text) => text,
};

/** A sentence for the help. */
export const ADDRESSES = 'Addresses are tcp://host:port, unix:///path and unix:@name.';

/** The dialect of a model, and the limits of its replies. */
export const modelOptions: Options<Pick<GuardedOptions, 'dialect' | 'limits'>> = {
  dialect: {
    flag: 'dialect',
    value: dialect,
    help: 'the dialect of the model',
    more: dialect.expected,
    default: 'seed',
  },
  limits: replyLimits,
};

/** The queue in front of a model. */
export const queueOptions: Options<Omit<GuardedOptions, 'dialect' | 'limits' | 'shared'>> = {
  inFlight: {
    flag: 'in-flight',
    value: {
      word: '1|2',
      expected: '1 or 2',
      offers: { words: ['1', '2'] },
      read: (text) => (text === '1' ? 1 : text === '2' ? 2 : undefined),
    },
    help: 'messages at the model; with 2, the next one lies in its backlog while it works',
    default: '1',
  },
  queueLimit: { flag: 'queue-limit', value: count, help: 'how many messages may wait', default: '128' },
  wedgedMs: {
    flag: 'wedged-ms',
    value: milliseconds,
    help: 'the silence after which a model that has a message counts as wedged',
    default: '120000',
  },
  retryMs: {
    flag: 'retry-ms',
    value: milliseconds,
    help: 'how long messages wait for a model that cannot be reached',
    default: '1000',
  },
};
