// Makes a carrier from a mover, which takes one message to the peer and brings the reply. The carrier adds what all carriers have in common:
// it checks arguments before anything is sent, and closing it waits for exchanges under way.

import { checkFunction, checkSignal, optionError, optionsOf, propertiesOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { checkMessage, type Message } from '../framing/message.ts';
import type { Carrier, ExchangeOptions, ExchangeStep } from './carrier.ts';
import { closable } from './close-once.ts';

/** Moves messages for a carrier. */
export interface Mover {
  /** Called with a valid message, and a signal that is not aborted. It has to look at the message before it first waits. */
  exchange(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
  /** Lets go of what is kept between exchanges. */
  rest?(): void;
  /** Resolves when what was let go of need not be waited for any longer. */
  finished?(): Promise<void>;
  /** Lets the process end with exchanges under way. */
  unref?(): void;
}

/**
 * Returns a carrier that moves messages by `mover`. Errors name it by `address`.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function openCarrier(address: string, mover: Mover): Carrier {
  if (typeof address !== 'string') throw optionError('address', 'text', address);
  const { exchange, rest, finished, unref } = propertiesOf(mover);
  checkFunction('mover.exchange', exchange);
  for (const [name, each] of Object.entries({ rest, finished, unref }))
    checkFunction(`mover.${name}`, each, 'optional');
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async exchange(request, options) {
      if (closed) throw new TransportError('TRANSPORT_CLOSED', `the carrier to ${address} is closed`, { address });
      const checked = exchangeOptions(options);
      if (checked.signal?.aborted) throw checked.signal.reason;
      checkMessage(request);
      const reply = mover.exchange(request, checked);
      underWay.add(reply);
      try {
        return await reply;
      } finally {
        underWay.delete(reply);
      }
    },
    ...(typeof rest === 'function' && { rest: () => mover.rest?.() }),
    ...(typeof unref === 'function' && { unref: () => mover.unref?.() }),
    ...closable(async () => {
      closed = true;
      await Promise.allSettled(underWay);
      mover.rest?.();
      await mover.finished?.();
    }),
  };
}

const EXCHANGE: readonly string[] = ['signal', 'progress'];

function exchangeOptions(given: ExchangeOptions | undefined): ExchangeOptions {
  const { signal, progress } = usualOptions(given) ?? (optionsOf('options', given, EXCHANGE) as ExchangeOptions);
  checkFunction('options.progress', progress, 'optional');
  checkSignal('options.signal', signal);
  return { signal: signal ?? undefined, progress: guarded(progress ?? undefined) };
}

/** Returns options as nearly all are; undefined for others, which get a closer look. Each message has its options. */
function usualOptions(given: ExchangeOptions | undefined): ExchangeOptions | undefined {
  if (!given || Object.getPrototypeOf(given) !== Object.prototype) return undefined;
  for (const name in given) if (name !== 'signal' && name !== 'progress') return undefined;
  return given;
}

/** Returns `progress` so that it never throws into an exchange: what it throws becomes a rejection that nobody handles. */
function guarded(progress: ExchangeOptions['progress']): ExchangeOptions['progress'] {
  return (
    progress &&
    ((step: ExchangeStep, head?: Uint8Array): void => {
      try {
        progress(step, head);
      } catch (error) {
        void Promise.reject(error);
      }
    })
  );
}
