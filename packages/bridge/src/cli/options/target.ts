// Options for the model that a subcommand calls: its address, its dialect, and the queue in front of it.

import type { CodecPair } from '../../codecs/codec.ts';
import type { GuardedOptions } from '../../model/make-guard.ts';
import { OUTER_FORMS, parseAddress } from '../../targets/parse-address.ts';
import { codec } from './codec-option.ts';
import { dialect } from './dialect-option.ts';
import { replyLimits } from './limit-options.ts';
import { count, milliseconds } from './number.ts';
import type { Options, Value } from './option.ts';

/** An address that other programs can reach. The library checks it. */
export const address: Value<string> = {
  word: 'ADDRESS',
  expected: 'an address that other programs can reach',
  // The beginnings of all forms: `tcp://`, `unix:///`, `unix:@`.
  offers: { words: OUTER_FORMS.match(/\b\w+:\W+/g) ?? [] },
  read: (text) => (isWithinProcess(text) ? undefined : text),
};

/** A sentence for the help of a subcommand. */
export const ADDRESSES: string = `Addresses are ${OUTER_FORMS}.`;

function isWithinProcess(text: string): boolean {
  try {
    return parseAddress(text).scheme.withinProcess === true;
  } catch {
    // The library says what is wrong with an invalid address.
    return false;
  }
}

/** The dialect and codec of a model, and the limits of its replies. */
export interface ModelOptions extends Pick<GuardedOptions, 'dialect' | 'limits'> {
  readonly codec?: CodecPair;
}

export const modelOptions: Options<ModelOptions> = {
  dialect: {
    flag: 'dialect',
    value: dialect,
    help: 'the dialect of the model',
    more: dialect.expected,
    default: 'seed',
  },
  codec: {
    flag: 'codec',
    value: codec,
    help: 'how arrays are made into messages, and messages into arrays',
    more: codec.expected,
    default: 'that of the dialect',
  },
  limits: replyLimits,
};

/** The options of the queue in front of a model. */
export const queueOptions: Options<Pick<GuardedOptions, 'inFlight' | 'queueLimit' | 'wedgedMs' | 'retryMs'>> = {
  inFlight: {
    flag: 'in-flight',
    value: { ...count, offers: { words: ['1', '2'] } },
    help: 'the most messages at the model; with 2, the next one waits in its backlog while it works',
    default: '1',
  },
  queueLimit: { flag: 'queue-limit', value: count, help: 'the most messages that may wait', default: '128' },
  wedgedMs: {
    flag: 'wedged-ms',
    value: milliseconds,
    help: 'the time without a sign of life after which a model with a message counts as wedged',
    default: '120000',
  },
  retryMs: {
    flag: 'retry-ms',
    value: milliseconds,
    help: 'the time for which messages wait for a model that cannot be reached',
    default: '1000',
  },
};
