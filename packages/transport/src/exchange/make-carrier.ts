// Makes a carrier from a mover, which is an object that sends one request and receives its reply. The carrier adds what all carriers have
// in common: it checks arguments before anything is sent, and waits for exchanges in progress when it is closed.

import { checkFunction, checkSignal, optionError, optionsOf, propertiesOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { checkMessage, type Message } from '../framing/message.ts';
import type { Carrier, ExchangeOptions, ExchangeStep } from './carrier.ts';
import { closable } from './close-once.ts';

/** The part of a carrier that differs from other carriers: it sends requests and receives their replies. */
export interface Mover {
  /** Resolves with the reply to a valid request. The signal has not aborted yet. The request has to be framed before the first `await`. */
  exchange(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
  /** Closes connections that are idle between exchanges. */
  rest?(): void;
  /** Resolves when connections that were closed need not be waited for any longer. Called after `rest` when the carrier is closed. */
  finished?(): Promise<void>;
  /** Lets the process end while exchanges are in progress. */
  unref?(): void;
}

/**
 * Returns a carrier that exchanges messages by `mover`.
 * @param address the address in the carrier's own errors
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function makeCarrier(address: string, mover: Mover): Carrier {
  if (typeof address !== 'string') throw optionError('address', 'a string', address);
  const { exchange, rest, finished, unref } = propertiesOf(mover);
  checkFunction('mover.exchange', exchange);
  for (const [name, each] of Object.entries({ rest, finished, unref }))
    checkFunction(`mover.${name}`, each, 'optional');
  const inProgress = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async exchange(request, options) {
      if (closed) throw new TransportError('TRANSPORT_CLOSED', `the carrier to ${address} is closed`, { address });
      const checked = exchangeOptions(options);
      if (checked.signal?.aborted) throw checked.signal.reason;
      checkMessage(request);
      const reply = mover.exchange(request, checked);
      inProgress.add(reply);
      try {
        return await reply;
      } finally {
        inProgress.delete(reply);
      }
    },
    ...(typeof rest === 'function' && { rest: () => mover.rest?.() }),
    ...(typeof unref === 'function' && { unref: () => mover.unref?.() }),
    ...closable(async () => {
      closed = true;
      await Promise.allSettled(inProgress);
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

/**
 * Returns a plain object with known names as it is; undefined for other options, which `optionsOf` checks. This is called for each message.
 */
function usualOptions(given: ExchangeOptions | undefined): ExchangeOptions | undefined {
  if (!given || Object.getPrototypeOf(given) !== Object.prototype) return undefined;
  for (const name in given) if (name !== 'signal' && name !== 'progress') return undefined;
  return given;
}

/** Returns a function that calls `progress` and never throws: an error of `progress` becomes an unhandled rejection. */
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
