// The contract of carriers, which send requests, and of listeners, which answer them. There is no implementation here.
// The reference is kept in the published declarations, so that programs that use them do not have to name the library themselves.
/// <reference lib="esnext.disposable" preserve="true" />
import type { Message } from '../framing/message.ts';

/** The part of AbortSignal that this package uses. It is declared here so that neither the DOM's nor Node's types are needed. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The type of signals that this package makes: `AbortSignal` if the program's type libraries have it, else `Signal`. */
export type PlatformSignal = typeof globalThis extends { AbortSignal: { prototype: infer T extends Signal } }
  ? T
  : Signal;

/**
 * A step of an exchange. `connected`: a connection is established, and from now on the peer may have received something. `sent`: the
 * system has the whole request. `reading`: bytes of the reply have arrived; this step is repeated for each chunk.
 */
export type ExchangeStep = 'connected' | 'sent' | 'reading';

/** Options of an exchange. */
export interface ExchangeOptions {
  /** When it aborts, the exchange rejects with `signal.reason` itself, and its connection is closed. */
  readonly signal?: Signal | undefined;
  /**
   * Called at each step that the carrier can observe. At the step `reading` of a stream, `head` is the first bytes of the reply, framing
   * included, at most 64: they show which framing the peer uses.
   */
  readonly progress?: ((step: ExchangeStep, head?: Uint8Array) => void) | undefined;
}

/** An object that is open until it is closed or disposed. Closing it twice is harmless. */
export interface Closable extends AsyncDisposable {
  /** Does what disposal does, for programs that do not use `await using`. */
  close(): Promise<void>;
}

/**
 * The caller's end: sends a request and receives its reply. When a carrier is closed, it rejects new exchanges with TRANSPORT_CLOSED and
 * waits for those in progress. If messages have no replies, it also waits until the peer has closed its end of the connections after the
 * last message, but no longer than the peer is silent for a second, and five seconds in all.
 */
export interface Carrier extends Closable {
  /**
   * Sends a request and resolves with its reply. The request's memory must not change until then, because it is not copied.
   * @returns the reply, in memory of its own
   * @throws TransportError; `signal.reason` if the signal aborts
   */
  exchange(request: Message, options?: ExchangeOptions): Promise<Uint8Array>;
  /** Closes idle persistent connections. The next exchange opens a new one. */
  rest?(): void;
  /**
   * Lets the process end while exchanges are in progress, as soon as the system has all of their requests. For a caller that does not wait
   * for their replies any more.
   */
  unref?(): void;
}

/** The second argument of a handler. */
export interface HandlerContext {
  /** Aborts when the caller has gone, after `handlerMs`, or when the listener was closed and `closeMs` has passed. */
  readonly signal: PlatformSignal;
  /** The caller, such as `127.0.0.1:50000`. Its form depends on the carrier. */
  readonly peer: string;
}

/**
 * The function that answers requests: it gets one request and resolves with the reply. If it resolves with undefined, no byte is sent: a
 * connection for one message is then closed without a reply, and on a persistent connection the next request is read.
 */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return is a handler, and has this type
export type Handler = (request: Uint8Array, context: HandlerContext) => Promise<Message | undefined | void>;

/** The answering end. When a listener is closed, it stops listening and waits for requests that are being answered. */
export interface Listener extends Closable {
  /** The address to call, as a URL: `tcp://127.0.0.1:6000`. */
  readonly address: string;
}
