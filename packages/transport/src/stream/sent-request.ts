// An exchange on a connection: its request, which is written slice by slice, and its reply. A reply counts only if the peer got what the
// caller meant to send.
import type { ExchangeOptions } from '../exchange/carrier.ts';
import { Exchange, type ExchangeOwner } from '../exchange/exchange.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { Outgoing } from './outgoing.ts';
import { type RequestSink, RequestWriter } from './request-writer.ts';

export class SentRequest {
  readonly exchange: Exchange;
  readonly writer: RequestWriter;
  /** The conversation's rounds when the socket had been given all of the request; -1 before. */
  round = -1;

  constructor(
    owner: ExchangeOwner,
    sink: RequestSink,
    decoder: FrameDecoder,
    request: Outgoing,
    options: ExchangeOptions,
  ) {
    this.exchange = new Exchange(owner, decoder, options);
    this.writer = new RequestWriter(sink, request);
  }

  /** Settles the exchange with a whole reply, or rejects it if zeros were sent in place of the caller's memory. */
  resolve(reply: Uint8Array): void {
    const { lost } = this.writer.request;
    if (lost) this.exchange.reject(lost);
    else this.exchange.resolve(reply);
  }

  /** Rejects the exchange. Zeros that were sent in place of the caller's memory are the better reason. */
  reject(error: unknown): void {
    this.exchange.reject(this.writer.request.lost ?? error);
  }
}
