// Stands between callers and a model that takes one message at a time. Calls wait here, in order, and never in the
// kernel; a message once begun is finished, whatever becomes of its caller.
import type { Carrier, Message, Signal } from '@bridge/transport';
import { BridgeError } from '../errors.ts';

interface Waiting {
  readonly message: Message;
  resolve(reply: Uint8Array): void;
  reject(error: unknown): void;
}

export class Guard {
  readonly #carrier: Carrier;
  readonly #queue: Waiting[] = [];
  #busy = false;
  #closed = false;
  #idle: (() => void) | undefined;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /**
   * Has `message` answered when its turn comes. Aborting rejects at once: a message that waits is dropped, one that was
   * begun goes on behind the caller's back and holds its turn until its reply has been read.
   * @throws BridgeError BRIDGE_CLOSED; `signal.reason`; what the carrier throws
   */
  exchange(message: Message, signal: Signal): Promise<Uint8Array> {
    return new Promise<Uint8Array>((resolve, reject) => {
      if (this.#closed) return reject(new BridgeError('BRIDGE_CLOSED', 'the model was closed'));
      if (signal.aborted) return reject(signal.reason);
      const waiting: Waiting = {
        message,
        resolve: (reply) => {
          signal.removeEventListener('abort', abort);
          resolve(reply);
        },
        reject: (error) => {
          signal.removeEventListener('abort', abort);
          reject(error);
        },
      };
      const abort = (): void => {
        const at = this.#queue.indexOf(waiting);
        if (at >= 0) this.#queue.splice(at, 1);
        waiting.reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#queue.push(waiting);
      void this.#next();
    });
  }

  /** Rejects what waits, lets what was begun be finished, and closes the carrier. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#queue.splice(0))
      waiting.reject(new BridgeError('BRIDGE_CLOSED', 'the model was closed'));
    if (this.#busy) await new Promise<void>((resolve) => (this.#idle = resolve));
    await this.#carrier[Symbol.asyncDispose]();
  }

  async #next(): Promise<void> {
    if (this.#busy) return;
    const waiting = this.#queue.shift();
    if (!waiting) {
      this.#idle?.();
      return;
    }
    this.#busy = true;
    try {
      waiting.resolve(await this.#carrier.exchange(waiting.message));
    } catch (error) {
      waiting.reject(error);
    }
    this.#busy = false;
    void this.#next();
  }
}
