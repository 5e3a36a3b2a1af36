// @bridge/transport/memory: messages within one program, for tests and for parts that may be moved apart later. Needs no
// Node. Each message is copied once, so that neither end sees what the other does with its memory.

import { checkFunction, optionError, optionsOf, partsOf } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import type { Carrier, ExchangeOptions, Handler, Listener } from '../../exchange/carrier.ts';
import { ending } from '../../exchange/closing.ts';
import { openCarrier } from '../../exchange/open-carrier.ts';
import { platform } from '../../exchange/platform.ts';
import { heed } from '../../exchange/signal.ts';
import { type FrameLimits, resolveFrameLimits } from '../../framing/limits.ts';
import { bytesOf, checkMessage, copyMessage, type Message } from '../../framing/message.ts';

/** What both ends take. */
export interface MemoryOptions {
  /** Bounds on the messages that this end accepts. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
}

/** How to listen. */
export interface MemoryListenOptions extends MemoryOptions {
  /** Told of what a handler threw, and of callers that gave up. */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** A listener that is reached by handing it to `memory`. */
export interface MemoryListener extends Listener {
  /** Has one message answered: what carriers call. */
  answer(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
}

/**
 * A carrier to a listener of this program.
 *
 * @example
 * await using listener = await listenMemory('echo', {}, async (request) => [request]);
 * await using carrier = memory(listener);
 * const reply = await carrier.exchange([Uint8Array.of(1)]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS when it is given no such listener, TRANSPORT_BAD_OPTION
 */
export function memory(listener: MemoryListener, options: MemoryOptions = {}): Carrier {
  const { answer, address } = partsOf('listener', listener, ['answer', 'address'], 'TRANSPORT_BAD_ADDRESS');
  if (typeof answer !== 'function' || typeof address !== 'string') {
    throw new TransportError('TRANSPORT_BAD_ADDRESS', 'memory() calls what listenMemory() gave', { actual: listener });
  }
  const { limits } = optionsOf('options', options, ['limits']) as MemoryOptions;
  const bound = resolveFrameLimits(limits).maxMessageBytes;
  return openCarrier(address, {
    async exchange(request, exchange) {
      const reply = await listener.answer(request, exchange);
      checkSize(`${address}: a reply`, reply.length, bound, 'peer');
      return reply;
    },
  });
}

/**
 * Listens within this program, and answers every request with what `handler` returns.
 * @param name for messages; several listeners may have the same
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export async function listenMemory(
  name: string,
  options: MemoryListenOptions,
  handler: Handler,
): Promise<MemoryListener> {
  // An address is a URL, which half of a surrogate pair cannot be in.
  if (typeof name !== 'string' || /\p{Cs}/u.test(name)) throw optionError('name', 'well-formed text', name);
  const { onError, limits } = optionsOf('options', options, ['limits', 'onError']) as MemoryListenOptions;
  checkFunction('onError', onError, 'optional');
  checkFunction('handler', handler);
  const answering = new Answering(
    `memory:${encodeURIComponent(name)}`,
    resolveFrameLimits(limits).maxMessageBytes,
    onError,
    handler,
  );
  return {
    address: answering.address,
    answer: (request, exchange) => answering.answer(request, exchange),
    ...ending(() => answering.close()),
  };
}

class Answering {
  readonly address: string;
  readonly #maxMessageBytes: number;
  readonly #onError: MemoryListenOptions['onError'];
  readonly #handler: Handler;
  readonly #underWay = new Set<Promise<unknown>>();
  #callers = 0;
  #closed = false;

  constructor(
    address: string,
    maxMessageBytes: number,
    onError: MemoryListenOptions['onError'] | null,
    handler: Handler,
  ) {
    this.address = address;
    this.#maxMessageBytes = maxMessageBytes;
    this.#onError = onError ?? undefined;
    this.#handler = handler;
  }

  answer(request: Message, { signal, progress }: ExchangeOptions): Promise<Uint8Array> {
    return new Promise<Uint8Array>((resolve, reject) => {
      const { address } = this;
      if (this.#closed) throw new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
      checkSize(`${address}: a request`, bytesOf(request), this.#maxMessageBytes, 'caller');
      const peer = `${address}#${++this.#callers}`;
      const gone = new platform.AbortController();
      let over = false;
      const leave = (): void => {
        // A signal of the caller's own making may fire again, or when its exchange is over.
        if (over) return;
        over = true;
        reject(signal?.reason);
        const error = new TransportError('TRANSPORT_CALLER_GONE', `${peer} gave up before it had its reply`, {
          address,
          peer,
        });
        gone.abort(error);
        this.#onError?.(error, peer);
      };
      const settle = (end: () => void): void => {
        letGo?.();
        if (over) return;
        over = true;
        end();
      };
      const letGo = signal && heed(signal, leave);
      const answered = this.#reply(copyMessage(request), { signal: gone.signal, peer }).then(
        (reply) => settle(() => (reply ? resolve(reply) : reject(noReplyError(address, 'has answered nothing')))),
        (error: unknown) => {
          const told = gone.signal.aborted && error === gone.signal.reason;
          settle(() => reject(noReplyError(address, 'could not answer: its handler failed')));
          if (!told) this.#onError?.(error, peer);
        },
      );
      this.#underWay.add(answered);
      void answered.finally(() => this.#underWay.delete(answered));
      progress?.('connected');
      progress?.('sent');
    });
  }

  /** Never before the caller has got his promise. */
  async #reply(request: Uint8Array, context: Parameters<Handler>[1]): Promise<Uint8Array | undefined> {
    await undefined;
    const reply = await this.#handler(request, context);
    if (reply === undefined) return undefined;
    checkMessage(reply);
    return copyMessage(reply);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }
}

function noReplyError(address: string, why: string): TransportError {
  const detail = { address, replyBytes: 0, expected: undefined, reset: false };
  return new TransportError('TRANSPORT_CLOSED_BEFORE_REPLY', `${address} ${why}`, detail);
}

function checkSize(what: string, bytes: number, maxMessageBytes: number, fault: 'caller' | 'peer'): void {
  if (bytes <= maxMessageBytes) return;
  throw new TransportError(
    'TRANSPORT_TOO_LARGE',
    `${what} of ${bytes} bytes is larger than the limit of ${maxMessageBytes}, limits.maxMessageBytes`,
    { bytes, maxMessageBytes },
    { fault },
  );
}
