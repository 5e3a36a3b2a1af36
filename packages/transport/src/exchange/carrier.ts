// The contract between whoever has messages and whatever moves them. No implementation here.
// The reference stays in the published declarations: a program that uses them need not name that library itself.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Message } from '../framing/message.ts';

/** A signal as callers hand it over: the part of AbortSignal that is used here, so that neither the DOM's nor Node's types are needed. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** A signal that this package hands out: an `AbortSignal` to the compiler if the program's libraries have that type, else a `Signal`. */
export type PlatformSignal = typeof globalThis extends { AbortSignal: { prototype: infer T extends Signal } }
  ? T
  : Signal;

/**
 * How far an exchange is. `connected`: the peer can be reached, and from now on it may have received something;
 * `sent`: the whole request was handed to the system; `reading`: bytes of the reply came (told again for each chunk).
 */
export type ExchangeStep = 'connected' | 'sent' | 'reading';

/** How to exchange one message. */
export interface ExchangeOptions {
  /** Gives up: the promise rejects with `signal.reason`, untouched, and what was under way is torn down. */
  readonly signal?: Signal | undefined;
  /**
   * Told of each step, by carriers that can tell. A carrier that cannot never calls it. With `reading` come the first bytes of
   * the reply, at most 64, framing included, where it is a stream: they tell what the peer speaks.
   */
  readonly progress?: ((step: ExchangeStep, head?: Uint8Array) => void) | undefined;
}

/** Something that is open until it is closed, in either of two ways. Closing twice is harmless. */
export interface Closable extends AsyncDisposable {
  /** Ends it. For programs that cannot write `await using`; the same as disposing. */
  close(): Promise<void>;
}

/**
 * The caller's end: a way to have one message answered by another. Closing it refuses exchanges to come and waits for
 * those under way. Where messages have no reply it also waits until the peer has taken what was handed over, and gives that up once
 * the peer has taken none of it for a second.
 */
export interface Carrier extends Closable {
  /**
   * Sends a request and waits for its reply. The request's memory must stay as it is until then: it is sent from where
   * it lies.
   * @returns the reply in one piece of fresh memory
   * @throws TransportError; `signal.reason` when aborted
   */
  exchange(request: Message, options?: ExchangeOptions): Promise<Uint8Array>;
  /** Lets go of what is kept between exchanges (a persistent connection, say). The next exchange makes it anew. */
  rest?(): void;
  /**
   * Exchanges under way go on, but each stops keeping the process alive once the system has taken the whole of its request. For a
   * caller that does not wait for their replies any more.
   */
  unref?(): void;
}

/** What the answering end is told besides the request. */
export interface HandlerContext {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: PlatformSignal;
  /** Where the request came from, in the carrier's own words. */
  readonly peer: string;
}

/**
 * The answering end: one request in, one reply out. One that resolves with `undefined` answers nothing: no byte is written. What
 * that is to the caller is the carrier's to say: a connection for one message is closed without a reply, a kept one goes on
 * with the next request.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return is one of these, and has this type
export type Handler = (request: Uint8Array, context: HandlerContext) => Promise<Message | undefined | void>;

/** Something that listens and answers. Closing it stops listening and waits for requests being answered. */
export interface Listener extends Closable {
  /** Where callers find it, as a URL: `tcp://127.0.0.1:6000`. */
  readonly address: string;
}
