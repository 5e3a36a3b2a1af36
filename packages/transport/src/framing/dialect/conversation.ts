// The order of messages and tokens on one connection of a dialect that has greetings or acknowledgements. Pure: bytes that come go
// in, messages and bytes to send come out. Both ends follow the same plan, each from its own side:
//   opening: token, token … | exchange: token, request, token, reply, token | exchange …
// Bytes that come before their turn wait. Bytes to send are asked for with `outgoing`, and never run ahead of what has to come.

import { checkFunction, checkList, optionError } from '../../errors/options.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { ByteQueue } from '../byte-queue.ts';
import { checkChunk, checkFilled } from '../chunk.ts';
import type { FrameDecoder, Framing } from '../framing.ts';
import type { FrameLimits } from '../limits.ts';
import type { Message } from '../message.ts';
import { checkCame, checkToken, type End, type Token, tokenBytes, tokenDecoder } from './token.ts';

/** The order of messages and tokens in one exchange. */
export type ExchangePlan = readonly ('request' | 'reply' | Token)[];

/** The parts of a dialect that say the order. */
export interface ConversationPlan {
  readonly request: Framing;
  readonly reply: Framing;
  readonly opening?: readonly Token[];
  readonly exchange?: ExchangePlan;
}

/** Returns whether anything but requests and replies goes over the connections of a dialect. */
export function hasTokens({ opening, exchange }: ConversationPlan): boolean {
  return (opening?.length ?? 0) > 0 || exchange !== undefined;
}

/**
 * Returns the checked greetings of a dialect.
 * @param end the end that uses the dialect; undefined if it may be either
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkOpening(name: string, given: unknown, end?: End): readonly Token[] {
  checkList(name, given, 'a list of tokens');
  return given.map((token, i) => checkToken(`${name}[${i}]`, token, end));
}

/**
 * Returns the checked order of messages and tokens in each exchange.
 * @param answers whether there are replies
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkExchange(name: string, given: unknown, answers: boolean, end?: End): ExchangePlan {
  const expected = answers ? "a list with 'request' once, and 'reply' once behind it" : "a list with 'request' once";
  checkList(name, given, expected);
  const mains = given.filter((item) => typeof item === 'string');
  if (mains.join() !== (answers ? 'request,reply' : 'request')) throw optionError(name, expected, given);
  const plan = given.map((item, i) =>
    item === 'request' || item === 'reply' ? item : checkToken(`${name}[${i}]`, item, end),
  );
  const between = plan.slice(plan.indexOf('request') + 1, plan.indexOf('reply') + 1);
  if (between.some((item) => typeof item !== 'string' && item.from === 'caller')) {
    throw optionError(name, "with nothing from the caller between 'request' and 'reply'", given);
  }
  return plan;
}

const NOTHING = new Uint8Array(0);
/** The most bytes that may come before their turn: more belong to no plan. */
const MAX_EARLY_BYTES = 65_536;

export class Conversation implements FrameDecoder {
  readonly #end: End;
  readonly #plan: readonly ('request' | 'reply' | Token)[];
  /** The index in the plan at which each exchange begins, behind the opening. */
  readonly #again: number;
  readonly #messages: FrameDecoder;
  #position = -1;
  /** The decoder of the bytes that have to come now; undefined if it is this end's turn. */
  #reading: FrameDecoder | undefined;
  /** The bytes that came before their turn. */
  readonly #early = new ByteQueue();
  /** The lender of the last memory. Bytes that land there may belong to another decoder by then. */
  #lender: FrameDecoder | ByteQueue = this.#early;
  #lent: Uint8Array = NOTHING;
  #outgoing: Uint8Array[] = [];
  /** Counts the exchanges that are over, tokens included. */
  rounds = 0;

  /** @throws TransportError TRANSPORT_BAD_OPTION for framings whose decoders do not give back bytes that are not theirs */
  constructor(end: End, plan: ConversationPlan, limits?: Partial<FrameLimits>) {
    this.#end = end;
    const { opening = [], exchange = plan.reply.carriesNothing ? ['request'] : ['request', 'reply'] } = plan;
    this.#plan = [...opening, ...exchange];
    this.#again = opening.length;
    this.#messages = (end === 'caller' ? plan.reply : plan.request).decoder(limits);
    checkFunction('rest of a decoder, beside tokens,', this.#messages.rest);
    this.#next();
  }

  /** True if this end's own message may be sent now. */
  get mayBegin(): boolean {
    return this.#item === (this.#end === 'caller' ? 'request' : 'reply');
  }

  /** True if something has to come from the other end. */
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

  /** Says that this end's own message is on its way. */
  begun(): void {
    if (this.mayBegin) this.#next();
  }

  /** Returns how many bytes behind a message do not belong there: none if they are a token whose turn has come. */
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
    // No token is completed by the end of the stream.
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

  /** Reads the bytes that came early, as far as their turn has come. */
  #readEarly(): Uint8Array | undefined {
    while (this.#reading && this.#early.length > 0) {
      const chunk = this.#early.rest();
      const message = this.#taken(this.#reading, this.#reading.push(chunk));
      if (message) return message;
    }
    return undefined;
  }

  /** Returns a message that is whole now. A whole token is checked, and the bytes behind it are read on. */
  #taken(reading: FrameDecoder, whole: Uint8Array | undefined): Uint8Array | undefined {
    if (!whole) return undefined;
    const item = this.#item;
    this.#early.push(reading.rest?.() ?? NOTHING);
    if (typeof item === 'object') checkCame(item, whole);
    this.#next();
    return typeof item === 'object' ? this.#readEarly() : whole;
  }

  /** Goes on to the next item that has to come from the other end, or to this end's own message. */
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
    return new TransportError('TRANSPORT_BAD_FRAME', `${bytes} bytes came before their turn`, { bytes });
  }
}
