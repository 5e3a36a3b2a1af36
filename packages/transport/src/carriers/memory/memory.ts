// @bridge/transport/memory: messages within one program, for tests and for parts that may be moved apart later. Needs no
// Node. Each message is copied once, so that neither end sees what the other does with its memory.

import { type AnswerLimits, resolveAnswerLimits } from '../../answering/answer-limits.ts';
import { Answering, isCallerGone } from '../../answering/answering.ts';
import type { HandlerCall } from '../../answering/handlers.ts';
import { checkFunction, optionError, optionsOf, propertiesOf } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { withAddress } from '../../errors/with-address.ts';
import type { Carrier, ExchangeOptions, Handler, Listener } from '../../exchange/carrier.ts';
import { closable } from '../../exchange/close-once.ts';
import { Exchange } from '../../exchange/exchange.ts';
import { lostError } from '../../exchange/lost.ts';
import { openCarrier } from '../../exchange/open-carrier.ts';
import { platform } from '../../exchange/platform.ts';
import { type FrameLimits, resolveFrameLimits } from '../../framing/limits.ts';
import { bytesOf, copyMessage, type Message } from '../../framing/message.ts';
import { noReply } from '../../framing/no-reply.ts';

export type { AnswerLimits } from '../../answering/answer-limits.ts';

/** Options of the calling end. */
export interface MemoryOptions {
  /** Bounds on the replies that this end accepts. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
}

/** Options of a listener. */
export interface MemoryListenOptions {
  /** Limits on the requests of all callers together and of each. */
  readonly limits?: Partial<AnswerLimits>;
  /**
   * Called for every request that failed, with a TransportError or with what a handler threw. An error that this function throws becomes
   * an unhandled rejection.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** A listener that is reached by handing it to `memory`. */
export interface MemoryListener extends Listener {
  /** Has one message answered. Carriers call this. */
  answer(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
}

/**
 * Returns a carrier to a listener of this program.
 *
 * @example
 * await using listener = await listenMemory('echo', {}, async (request) => [request]);
 * await using carrier = memory(listener);
 * const reply = await carrier.exchange([Uint8Array.of(1)]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS if `listener` did not come from listenMemory, TRANSPORT_BAD_OPTION
 */
export function memory(listener: MemoryListener, options: MemoryOptions = {}): Carrier {
  const { answer, address } = propertiesOf(listener);
  if (typeof answer !== 'function' || typeof address !== 'string') {
    throw new TransportError('TRANSPORT_BAD_ADDRESS', 'memory() calls a listener that listenMemory() returned', {
      actual: listener,
    });
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
  const resolved = resolveAnswerLimits(limits);
  const address = `memory:${encodeURIComponent(name)}`;
  const served = new ServedCallers(address, resolved, new Answering(handler, resolved, onError ?? undefined));
  return {
    address,
    answer: (request, exchange) => served.answer(request, exchange),
    ...closable(() => served.close()),
  };
}

/** The callers of one listener. */
class ServedCallers {
  readonly #address: string;
  readonly #maxMessageBytes: number;
  readonly #answering: Answering;
  #callers = 0;
  #closed = false;

  constructor(address: string, { maxMessageBytes }: AnswerLimits, answering: Answering) {
    this.#address = address;
    this.#maxMessageBytes = maxMessageBytes;
    this.#answering = answering;
  }

  answer(message: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const address = this.#address;
    if (this.#closed) throw new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
    const bytes = bytesOf(message);
    checkSize(`${address}: a request`, bytes, this.#maxMessageBytes, 'caller');
    const peer = `${address}#${++this.#callers}`;
    const control = new platform.AbortController();
    const aborted = (): void => {
      const error = goneError(address, peer);
      control.abort(error);
      this.#answering.tell(error, peer);
    };
    // The reply does not come as bytes on a stream: there is nothing to decode.
    const exchange = new Exchange({ address, aborted }, noReply().decoder(), options);
    try {
      this.#answering.checkRoom(bytes);
      void this.#answer(exchange, { request: copyMessage(message), peer, address, control });
      exchange.tell('connected');
      exchange.tell('sent');
    } catch (error) {
      this.#failed(exchange, withAddress(address, error, { peer }), peer);
    }
    return exchange.reply;
  }

  async #answer(exchange: Exchange, call: HandlerCall): Promise<void> {
    // The caller has its promise before the handler runs.
    await undefined;
    try {
      const reply = await this.#answering.answer(call);
      if (reply) exchange.resolve(copyMessage(reply));
      else exchange.reject(noReplyError(this.#address, 'answers nothing'));
    } catch (error) {
      if (!isCallerGone(error, call)) this.#failed(exchange, error, call.peer);
    }
  }

  #failed(exchange: Exchange, error: unknown, peer: string): void {
    exchange.reject(noReplyError(this.#address, 'could not answer'));
    this.#answering.tell(error, peer);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#answering.close(this.#address, Promise.resolve(), () => {});
  }
}

/** Returns the error that a caller of a socket would see, whose connection is closed. The listener's `onError` is told why. */
function noReplyError(address: string, why: string): TransportError {
  return lostError(address, { address, replyBytes: 0 }, undefined, why);
}

function goneError(address: string, peer: string): TransportError {
  return new TransportError('TRANSPORT_CALLER_GONE', `${peer} gave up before it had its reply`, { address, peer });
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
