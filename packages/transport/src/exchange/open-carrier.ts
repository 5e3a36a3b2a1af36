// What all carriers have in common: arguments are checked before anything is sent, and the end waits for what is under
// way. How a message gets to its peer and back is the one thing that each of them brings.

import { checkFunction, checkSignal, optionError, optionsOf, partsOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { checkMessage, type Message } from '../framing/message.ts';
import type { Carrier, ExchangeOptions, ExchangeStep } from './carrier.ts';
import { ending } from './closing.ts';

/** How a carrier moves a message. */
export interface Mover {
  /** Called with a message that is one, and a signal that is not aborted. Looks at the message before it first waits. */
  exchange(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
  /** Lets go of what is kept between exchanges. */
  rest?(): void;
  /** When what was let go of need not be waited for any longer. */
  finished?(): Promise<void>;
  /** Lets the process end with exchanges under way. */
  unref?(): void;
}

/**
 * A carrier to `address` (its name for messages).
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function openCarrier(address: string, mover: Mover): Carrier {
  if (typeof address !== 'string') throw optionError('address', 'text', address);
  const { exchange, ...others } = partsOf('mover', mover, ['exchange', 'rest', 'finished', 'unref']);
  checkFunction('mover.exchange', exchange);
  for (const [name, each] of Object.entries(others)) checkFunction(`mover.${name}`, each, 'optional');
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
    ...(typeof others['rest'] === 'function' && { rest: () => mover.rest?.() }),
    ...(typeof others['unref'] === 'function' && { unref: () => mover.unref?.() }),
    ...ending(async () => {
      closed = true;
      await Promise.allSettled(underWay);
      mover.rest?.();
      await mover.finished?.();
    }),
  };
}

const EXCHANGE: readonly string[] = ['signal', 'progress'];

function exchangeOptions(given: ExchangeOptions | undefined): ExchangeOptions {
  const { signal, progress } = usual(given) ?? (optionsOf('options', given, EXCHANGE) as ExchangeOptions);
  checkFunction('options.progress', progress, 'optional');
  checkSignal('options.signal', signal);
  return { signal: signal ?? undefined, progress: apart(progress ?? undefined) };
}

/** Asked with each message: options as nearly all are, read once. All others get a closer look, which says what is wrong. */
function usual(given: ExchangeOptions | undefined): ExchangeOptions | undefined {
  try {
    if (!given || Object.getPrototypeOf(given) !== Object.prototype) return undefined;
    for (const name in given) if (name !== 'signal' && name !== 'progress') return undefined;
    const { signal, progress } = given;
    return { signal, progress };
  } catch {
    return undefined;
  }
}

/** What a listener of steps throws goes where it harms no message: it becomes a rejection that nobody handles. */
function apart(progress: ExchangeOptions['progress']): ExchangeOptions['progress'] {
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
