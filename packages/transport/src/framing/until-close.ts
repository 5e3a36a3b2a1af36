// No length at all: the message is everything up to the end of the stream. One message a connection.
import { TransportError } from '../errors.ts';
import { defaultFrameLimits, type FrameDecoder, type FrameLimits, type Framing } from './framing.ts';

/** Messages that end where their stream ends. */
export function untilClose(): Framing {
  return { encode: (message) => message, decoder: (limits) => new Collector(limits) };
}

const FIRST_BYTES = 4096;

/** Collects into memory that doubles, so that it follows the bytes received. */
class Collector implements FrameDecoder {
  readonly #maxMessageBytes: number;
  #buffer = new Uint8Array(0);
  pendingBytes = 0;

  constructor(limits?: Partial<FrameLimits>) {
    this.#maxMessageBytes = limits?.maxMessageBytes ?? defaultFrameLimits.maxMessageBytes;
  }

  push(chunk: Uint8Array = new Uint8Array(0)): undefined {
    this.#reserve(chunk.length);
    this.#buffer.set(chunk, this.pendingBytes);
    this.filled(chunk.length);
  }

  space(): Uint8Array {
    this.#reserve(1);
    return this.#buffer.subarray(this.pendingBytes);
  }

  filled(bytes: number): undefined {
    this.pendingBytes += bytes;
    if (this.pendingBytes > this.#maxMessageBytes) {
      throw new TransportError(
        'TRANSPORT_TOO_LARGE',
        `a message of more than ${this.#maxMessageBytes} bytes is past the limit`,
        { bytes: this.pendingBytes, maxMessageBytes: this.#maxMessageBytes },
      );
    }
  }

  end(): Uint8Array {
    const message = this.#buffer.slice(0, this.pendingBytes);
    this.pendingBytes = 0;
    return message;
  }

  #reserve(bytes: number): void {
    const needed = this.pendingBytes + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(FIRST_BYTES, 2 * this.#buffer.length, needed));
    larger.set(this.#buffer.subarray(0, this.pendingBytes));
    this.#buffer = larger;
  }
}
