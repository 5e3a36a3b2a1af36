// An exchange on a connection: the writer of its request, and its reply. The reply is used only if the peer got the caller's own bytes, and
// no zeros in their place (see outgoing-message.ts).
import type { ExchangeOptions } from '../exchange/carrier.ts';
import { Exchange, type ExchangeOwner } from '../exchange/exchange.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { type RequestSink, RequestWriter } from './request-writer.ts';

export class SocketExchange {
  readonly exchange: Exchange;
  readonly writer: RequestWriter;
  /** The value of `Conversation.rounds` when the socket had all of the request; -1 before. */
  round = -1;

  constructor(
    owner: ExchangeOwner,
    sink: RequestSink,
    decoder: FrameDecoder,
    request: OutgoingMessage,
    options: ExchangeOptions,
  ) {
    this.exchange = new Exchange(owner, decoder, options);
    this.writer = new RequestWriter(sink, request);
  }

  /** Resolves the exchange with its reply, or rejects it if zeros were sent in place of the caller's memory. */
  resolve(reply: Uint8Array): void {
    const { lost } = this.writer.request;
    if (lost) this.exchange.reject(lost);
    else this.exchange.resolve(reply);
  }

  /** Rejects the exchange; with the error of the lost memory if zeros were sent in its place. */
  reject(error: unknown): void {
    this.exchange.reject(this.writer.request.lost ?? error);
  }
}
