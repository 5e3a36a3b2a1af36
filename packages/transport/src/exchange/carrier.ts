// The contract between programs that have messages and carriers that move them. No implementation here.
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
 * A step of an exchange. `connected`: the peer can be reached, and from now on it may have received something;
 * `sent`: the whole request was handed to the system; `reading`: bytes of the reply came (reported for each chunk).
 */
export type ExchangeStep = 'connected' | 'sent' | 'reading';

/** Options of an exchange. */
export interface ExchangeOptions {
  /** Ends the exchange when it aborts: the promise rejects with `signal.reason` itself, and the connection is closed. */
  readonly signal?: Signal | undefined;
  /**
   * Called at each step, by carriers that know of it. If the reply comes on a stream, `head` is its first bytes at the step `reading`, at
   * most 64 with framing: they tell what the peer speaks.
   */
  readonly progress?: ((step: ExchangeStep, head?: Uint8Array) => void) | undefined;
}

/** Something that is open until it is closed or disposed. Closing it twice is harmless. */
export interface Closable extends AsyncDisposable {
  /** The same as disposing, for programs that cannot write `await using`. */
  close(): Promise<void>;
}

/**
 * The caller's end, which has one message answered by another. A carrier that is closed refuses exchanges to come and waits for
 * those under way. If messages have no reply, it also waits until the peer has taken what was handed over, and gives that up once
 * the peer has taken none of it for a second.
 */
export interface Carrier extends Closable {
  /**
   * Sends a request and waits for its reply. The request's memory must stay as it is until then: it is not copied.
   * @returns the reply in one piece of fresh memory
   * @throws TransportError; `signal.reason` if the signal aborts
   */
  exchange(request: Message, options?: ExchangeOptions): Promise<Uint8Array>;
  /** Closes what is kept between exchanges, such as a persistent connection. The next exchange opens a new one. */
  rest?(): void;
  /**
   * Lets the process end with exchanges under way, each of them once the system has taken the whole of its request. For a caller that
   * does not wait for their replies any more.
   */
  unref?(): void;
}

/** The parts that a handler gets beside the request. */
export interface HandlerContext {
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: PlatformSignal;
  /** The caller, in the carrier's own words. */
  readonly peer: string;
}

/**
 * The answering end: one request in, one reply out. A handler that resolves with `undefined` answers nothing, and no byte is written. A
 * connection for one message is then closed without a reply, and a kept one goes on with the next request.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return is a handler, and has this type
export type Handler = (request: Uint8Array, context: HandlerContext) => Promise<Message | undefined | void>;

/** Something that listens and answers. A listener that is closed listens no more, and waits for requests being answered. */
export interface Listener extends Closable {
  /** The address at which callers find it, as a URL: `tcp://127.0.0.1:6000`. */
  readonly address: string;
}
