// The order of messages and tokens (greetings and acknowledgements) on one connection, for dialects that have tokens. The class does no
// I/O: bytes that have arrived go in, messages and bytes to send come out. Both ends follow the same plan, each from its own side:
//   opening: token, token … | exchange: token, request, token, reply, token | exchange …
// Bytes that arrive while this end has to send wait. `outgoing` returns the tokens to send, as far as nothing has to arrive before them.

import { checkFunction, checkList, optionError } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { ByteQueue } from '../byte-queue.ts';
import { checkChunk, checkFilled } from '../chunk.ts';
import { decoderOf } from '../decoder-of.ts';
import type { FrameDecoder, Framing } from '../framing.ts';
import type { FrameLimits } from '../limits.ts';
import type { Message } from '../message.ts';
import { checkArrived, checkToken, type End, type Token, tokenBytes, tokenDecoder } from './token.ts';

/** The order of messages and tokens in one exchange. */
export type ExchangePlan = readonly ('request' | 'reply' | Token)[];

/** The parts of a dialect that determine the order. */
export interface ConversationPlan {
  readonly request: Framing;
  readonly reply: Framing;
  readonly opening?: readonly Token[];
  readonly exchange?: ExchangePlan;
}

/** Returns whether a dialect has tokens, or an order of its own in each exchange. */
export function hasTokens({ opening, exchange }: ConversationPlan): boolean {
  return (opening?.length ?? 0) > 0 || exchange !== undefined;
}

/**
 * Returns the checked `opening` of a dialect.
 * @param end the end that uses the dialect; undefined if either may use it
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkOpening(name: string, given: unknown, end?: End): readonly Token[] {
  checkList(name, given, 'a list of tokens');
  return given.map((token, i) => checkToken(`${name}[${i}]`, token, end));
}

/**
 * Returns the checked `exchange` of a dialect.
 * @param answers true if the dialect has replies
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkExchange(name: string, given: unknown, answers: boolean, end?: End): ExchangePlan {
  const expected = answers ? "a list with 'request' once, and after it 'reply' once" : "a list with 'request' once";
  checkList(name, given, expected);
  const mains = given.filter((item) => typeof item === 'string');
  if (mains.join() !== (answers ? 'request,reply' : 'request')) throw optionError(name, expected, given);
  const plan = given.map((item, i) =>
    item === 'request' || item === 'reply' ? item : checkToken(`${name}[${i}]`, item, end),
  );
  const between = plan.slice(plan.indexOf('request') + 1, plan.indexOf('reply') + 1);
  if (between.some((item) => typeof item !== 'string' && item.from === 'caller')) {
    throw optionError(name, "a list without a token from the caller between 'request' and 'reply'", given);
  }
  return plan;
}

const NOTHING = new Uint8Array(0);
/** The most bytes that may arrive while this end has to send. */
const MAX_EARLY_BYTES = 65_536;

/** One connection's place in the plan, for one end of it. It is also the decoder of the other end's messages. */
export class Conversation implements FrameDecoder {
  readonly #end: End;
  readonly #plan: readonly ('request' | 'reply' | Token)[];
  /** The index in the plan at which each exchange begins, after the opening. */
  readonly #again: number;
  /** The decoder of the other end's messages. */
  readonly #messages: FrameDecoder;
  /** The index in the plan of the next item. */
  #position = -1;
  /** The decoder of the item that has to arrive next; undefined if this end has to send its own message. */
  #reading: FrameDecoder | undefined;
  /** The bytes that have arrived and do not belong to the item that is being read. */
  readonly #early = new ByteQueue();
  /** The owner of the memory that `space` returned last. By the time at which it is filled, another decoder may be reading. */
  #lender: FrameDecoder | ByteQueue = this.#early;
  #lent: Uint8Array = NOTHING;
  /** The tokens to send now. */
  #outgoing: Uint8Array[] = [];
  /** The number of exchanges that are over, tokens included. */
  rounds = 0;

  /** @throws TransportError TRANSPORT_BAD_OPTION if the decoder of messages has no function `rest` */
  constructor(end: End, plan: ConversationPlan, limits?: Partial<FrameLimits>) {
    this.#end = end;
    const { opening = [], exchange = plan.reply.carriesNothing ? ['request'] : ['request', 'reply'] } = plan;
    this.#plan = [...opening, ...exchange];
    this.#again = opening.length;
    this.#messages = decoderOf(end === 'caller' ? plan.reply : plan.request, limits);
    checkFunction('rest of a decoder, beside tokens,', this.#messages.rest);
    this.#next();
  }

  /** True if this end's own message may be sent now. */
  get mayBegin(): boolean {
    return this.#item === (this.#end === 'caller' ? 'request' : 'reply');
  }

  /** True if the other end has to send next. */
  get listens(): boolean {
    return this.#reading !== undefined;
  }

  get pendingBytes(): number {
    return this.#early.length + (this.#reading?.pendingBytes ?? 0);
  }

  get wholeBytes(): number | undefined {
    return this.#reading?.wholeBytes;
  }

  /** Returns the tokens to send now, once. */
  outgoing(): Message {
    return this.#outgoing.splice(0);
  }

  /** Goes on to the next item: this end's own message was handed to the socket. */
  begun(): void {
    if (this.mayBegin) this.#next();
  }

  /** Returns the number of bytes after a message that are not allowed. A token that may be sent next is allowed. */
  trailingBytes(): number {
    this.push();
    return this.listens ? 0 : this.pendingBytes;
  }

  push(chunk: Uint8Array = NOTHING): Uint8Array | undefined {
    checkChunk(chunk);
    const { length } = this.#early;
    if (length === 0 && this.#reading) return this.#taken(this.#reading, this.#reading.push(chunk));
    if (length + chunk.length > MAX_EARLY_BYTES && !this.#reading) throw this.#outOfTurn(length + chunk.length);
    this.#early.push(chunk);
    return this.#readEarly();
  }

  space(): Uint8Array {
    this.#lender = (this.#early.length === 0 && this.#reading) || this.#early;
    this.#lent = this.#lender.space();
    return this.#lent;
  }

  filled(bytes: number): Uint8Array | undefined {
    checkFilled(bytes, this.#lent.length);
    const { length } = this.#early;
    if (length === 0 && this.#lender === this.#reading && this.#reading) {
      return this.#taken(this.#reading, this.#reading.filled(bytes));
    }
    return this.push(this.#lent.slice(0, bytes));
  }

  end(): Uint8Array | undefined {
    const message = this.#reading?.end();
    // The end of the stream completes a message, and never a token.
    if (message && this.#reading === this.#messages) {
      this.#next();
      return message;
    }
    return undefined;
  }

  rest(): Uint8Array {
    return this.#early.rest();
  }

  get #item(): 'request' | 'reply' | Token | undefined {
    return this.#plan[this.#position];
  }

  /** Reads the waiting bytes, until a message is whole or this end has to send. */
  #readEarly(): Uint8Array | undefined {
    while (this.#reading && this.#early.length > 0) {
      const chunk = this.#early.rest();
      const message = this.#taken(this.#reading, this.#reading.push(chunk));
      if (message) return message;
    }
    return undefined;
  }

  /** Goes on to the next item after a whole message or token. Returns the message, or the next one if bytes after a token complete it. */
  #taken(reading: FrameDecoder, whole: Uint8Array | undefined): Uint8Array | undefined {
    if (!whole) return undefined;
    const item = this.#item;
    this.#early.push(reading.rest?.() ?? NOTHING);
    if (typeof item === 'object') checkArrived(item, whole);
    this.#next();
    return typeof item === 'object' ? this.#readEarly() : whole;
  }

  /** Goes on to the next item that the other end sends, or to this end's own message. This end's tokens before it are to be sent. */
  #next(): void {
    for (;;) {
      this.#position++;
      if (this.#position === this.#plan.length) {
        this.#position = this.#again;
        this.rounds++;
      }
      const item = this.#item;
      if (typeof item !== 'object') {
        this.#reading = this.mayBegin ? undefined : this.#messages;
        return;
      }
      if (item.from !== this.#end) {
        this.#reading = tokenDecoder(item);
        return;
      }
      this.#outgoing.push(...tokenBytes(item));
    }
  }

  #outOfTurn(bytes: number): TransportError {
    return new TransportError('TRANSPORT_BAD_FRAME', `${bytes} bytes arrived although this end has to send first`, {
      bytes,
    });
  }
}
