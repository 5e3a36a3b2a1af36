// @bridge/transport/memory: messages within one program, for tests, and for parts of a program that may become programs of their own. Needs
// no Node. Each message is copied once, so that neither end sees later changes of the other's memory.

import { type AnswerLimits, resolveAnswerLimits } from '../../answering/answer-limits.ts';
import type { HandlerCall } from '../../answering/handlers.ts';
import { isCallerGone, ListenerCore } from '../../answering/listener-core.ts';
import { describeValue } from '../../errors/describe-value.ts';
import { checkFunction, optionError, optionsOf, propertiesOf } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { withAddress } from '../../errors/with-address.ts';
import type { Carrier, ExchangeOptions, Handler, Listener } from '../../exchange/carrier.ts';
import { closable } from '../../exchange/close-once.ts';
import { Exchange } from '../../exchange/exchange.ts';
import { makeCarrier } from '../../exchange/make-carrier.ts';
import { platform } from '../../exchange/platform.ts';
import { lostError } from '../../exchange/reply-errors.ts';
import { type FrameLimits, resolveFrameLimits } from '../../framing/limits.ts';
import { bytesOf, copyMessage, type Message } from '../../framing/message.ts';
import { noReply } from '../../framing/no-reply.ts';

export type { AnswerLimits } from '../../answering/answer-limits.ts';

/** Options of a caller. */
export interface MemoryOptions {
  /** Limits on the size of a reply. Default: one gibibyte. */
  readonly limits?: Partial<FrameLimits>;
}

/** Options of a listener. */
export interface MemoryListenOptions {
  /** Limits on the requests. */
  readonly limits?: Partial<AnswerLimits>;
  /**
   * Called for every request that failed, with a TransportError or with what a handler threw, and with the caller. An error that this
   * function throws becomes an unhandled rejection.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** A listener within this program. Callers pass it to `memory`. */
export interface MemoryListener extends Listener {
  /** Resolves with the reply to a request. The carriers that `memory` returns call this. */
  answer(request: Message, options: ExchangeOptions): Promise<Uint8Array>;
}

/**
 * Returns a carrier to a listener within this program.
 *
 * @example
 * await using listener = await listenMemory('echo', {}, async (request) => [request]);
 * await using carrier = memory(listener);
 * const reply = await carrier.exchange([Uint8Array.of(1)]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS if `listener` was not returned by listenMemory, TRANSPORT_BAD_OPTION
 */
export function memory(listener: MemoryListener, options: MemoryOptions = {}): Carrier {
  const { answer, address } = propertiesOf(listener);
  if (typeof answer !== 'function' || typeof address !== 'string') {
    throw new TransportError(
      'TRANSPORT_BAD_ADDRESS',
      `memory() needs a listener that listenMemory() returned, got ${describeValue(listener)}`,
      {
        actual: listener,
      },
    );
  }
  const { limits } = optionsOf('options', options, ['limits']) as MemoryOptions;
  const bound = resolveFrameLimits(limits).maxMessageBytes;
  return makeCarrier(address, {
    async exchange(request, exchange) {
      const reply = await listener.answer(request, exchange);
      checkSize(`${address}: a reply`, reply.length, bound, 'peer');
      return reply;
    },
  });
}

/**
 * Listens within this program, and answers every request with what `handler` returns.
 * @param name the name in the listener's address, for errors; several listeners may have the same
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export async function listenMemory(
  name: string,
  options: MemoryListenOptions,
  handler: Handler,
): Promise<MemoryListener> {
  // An address is a URL, and a URL cannot encode half of a surrogate pair.
  if (typeof name !== 'string' || /\p{Cs}/u.test(name)) throw optionError('name', 'a well-formed string', name);
  const { onError, limits } = optionsOf('options', options, ['limits', 'onError']) as MemoryListenOptions;
  checkFunction('onError', onError, 'optional');
  checkFunction('handler', handler);
  const resolved = resolveAnswerLimits(limits);
  const address = `memory:${encodeURIComponent(name)}`;
  const served = new ServedCallers(address, resolved, new ListenerCore(handler, resolved, onError ?? undefined));
  return {
    address,
    answer: (request, exchange) => served.answer(request, exchange),
    ...closable(() => served.close()),
  };
}

/** The state that all callers of one listener share. */
class ServedCallers {
  readonly #address: string;
  readonly #maxMessageBytes: number;
  readonly #answering: ListenerCore;
  #callers = 0;
  #closed = false;

  constructor(address: string, { maxMessageBytes }: AnswerLimits, answering: ListenerCore) {
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
      const error = callerAbortedError(address, peer);
      control.abort(error);
      this.#answering.report(error, peer);
    };
    // The handler's reply is a whole message in memory, so the decoder has nothing to decode.
    const exchange = new Exchange({ address, aborted }, noReply().decoder(), options);
    try {
      this.#answering.checkRoom(bytes);
      void this.#answer(exchange, { request: copyMessage(message), peer, address, control });
      exchange.reportStep('connected');
      exchange.reportStep('sent');
    } catch (error) {
      this.#failed(exchange, withAddress(address, error, { peer }), peer);
    }
    return exchange.reply;
  }

  async #answer(exchange: Exchange, call: HandlerCall): Promise<void> {
    // The caller gets its promise before the handler runs.
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
    this.#answering.report(error, peer);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#answering.close(this.#address, Promise.resolve(), () => {});
  }
}

/** Returns the error that the caller would get if this were a connection that is closed. Only `onError` gets the cause. */
function noReplyError(address: string, why: string): TransportError {
  return lostError(address, { address, replyBytes: 0 }, undefined, why);
}

function callerAbortedError(address: string, peer: string): TransportError {
  return new TransportError('TRANSPORT_CALLER_GONE', `${peer} aborted its exchange before it had its reply`, {
    address,
    peer,
  });
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
