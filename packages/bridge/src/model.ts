// The far end as a caller sees it: arrays in, arrays out. The contract, and its one implementation over a guard.
import { type ArrayInput, type DTypeName, decode, encodeParts, isNpyError, type NdArrayOf } from '@bridge/npy';
import { isTransportError, type Signal } from '@bridge/transport';
import { deadline } from './deadline.ts';
import { BridgeError } from './errors.ts';
import type { Guard } from './guard/guard.ts';

/** How to make one call. */
export interface CallOptions<D extends DTypeName = DTypeName> {
  /** Gives up waiting: the call rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /** Milliseconds until the call rejects with BRIDGE_TIMEOUT, waiting in the queue included. Default: none. */
  readonly timeout?: number | undefined;
  /** The dtype that the reply must have; narrows the result's type. */
  readonly dtype?: D;
}

/** A model that can be called. */
export interface Model extends AsyncDisposable {
  /**
   * Sends an array and waits for the array that the model answers. Calls are sent one at a time, in order.
   * Until the call settles the input's memory must not change: it is sent from where it lies. Giving up does not take
   * back a message that was begun: it is sent and answered in the background, so that the model stays whole.
   *
   * @param input any array, nested lists or typed array
   * @returns the reply, in memory of its own
   * @throws NpyError when the input cannot be encoded, or NPY_DTYPE when the reply has another dtype than asked for;
   *   TransportError when the model cannot be reached or goes away; BridgeError BRIDGE_BAD_REPLY, BRIDGE_TIMEOUT,
   *   BRIDGE_CLOSED; `signal.reason` when aborted
   */
  call<D extends DTypeName = DTypeName>(input: ArrayInput, options?: CallOptions<D>): Promise<NdArrayOf<D>>;
  /** Ends the model's use: calls that wait are rejected, the one that was begun is finished. Twice is harmless. */
  close(): Promise<void>;
}

/** A model behind a guard. */
export class GuardedModel implements Model {
  readonly #guard: Guard;
  #closed: Promise<void> | undefined;

  constructor(guard: Guard) {
    this.#guard = guard;
  }

  async call<D extends DTypeName = DTypeName>(input: ArrayInput, options: CallOptions<D> = {}): Promise<NdArrayOf<D>> {
    const message = encodeParts(input);
    using limit = deadline(options.signal, options.timeout);
    let reply: Uint8Array;
    try {
      reply = await this.#guard.exchange(message, limit.signal);
    } catch (error) {
      throw isNpyError(error) || isTransportError(error, 'TRANSPORT_BAD_FRAME') ? badReply(error) : error;
    }
    return decode(reply, options.dtype === undefined ? {} : { dtype: options.dtype });
  }

  close(): Promise<void> {
    this.#closed ??= this.#guard.close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function badReply(cause: Error): BridgeError {
  return new BridgeError(
    'BRIDGE_BAD_REPLY',
    `the model's reply is not one .npy array: ${cause.message}`,
    {},
    { cause },
  );
}
