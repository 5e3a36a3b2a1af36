// A framing without lengths: the message is everything up to the end of the stream. One message a connection.
import { TransportError } from '../errors/transport-error.ts';
import { checkChunk, checkFilled } from './chunk.ts';
import type { FrameDecoder, Framing } from './framing.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';
import { checkMessage, type Message } from './message.ts';

/** Returns a framing of messages that end with their stream. A message of more than 64 MiB lies at the front of a larger buffer. */
export function untilClose(): Framing {
  return { encode: plain, endsStream: true, decoder: (limits) => new Collector(limits) };
}

/** The message as it is. */
function plain(message: Message): Message {
  checkMessage(message);
  return message;
}

const NOTHING = new Uint8Array(0);
const FIRST_BYTES = 4096;
/** Memory up to this size is doubled, and larger memory made 16 times as large: no more than a few mebibytes are moved at once. */
const DOUBLED_BYTES = 2 ** 22;
const GROWTH = 16;
/** A larger message stays at the front of its memory, of which the system has given no more than was written. */
const MOVED_BYTES = DOUBLED_BYTES * GROWTH;

/** Collects into memory that grows, so that it follows the bytes received. */
class Collector implements FrameDecoder {
  readonly #maxMessageBytes: number;
  #buffer: Uint8Array = NOTHING;
  pendingBytes = 0;

  constructor(limits?: Partial<FrameLimits>) {
    this.#maxMessageBytes = resolveFrameLimits(limits).maxMessageBytes;
  }

  push(chunk: Uint8Array = new Uint8Array(0)): undefined {
    checkChunk(chunk);
    this.#check(chunk.length);
    this.#reserve(chunk.length);
    this.#buffer.set(chunk, this.pendingBytes);
    this.pendingBytes += chunk.length;
  }

  space(): Uint8Array {
    this.#reserve(1);
    return this.#buffer.subarray(this.pendingBytes);
  }

  filled(bytes: number): undefined {
    checkFilled(bytes, this.#buffer.length - this.pendingBytes);
    this.#check(bytes);
    this.pendingBytes += bytes;
  }

  end(): Uint8Array {
    const whole = this.#buffer.subarray(0, this.pendingBytes);
    const message = whole.length > MOVED_BYTES ? whole : this.#memory(whole.length);
    if (message !== whole) message.set(whole);
    this.#buffer = NOTHING;
    this.pendingBytes = 0;
    return message;
  }

  /** Returns all bytes as the one message. */
  rest(): Uint8Array {
    return new Uint8Array(0);
  }

  #check(more: number): void {
    const bytes = this.pendingBytes + more;
    if (bytes <= this.#maxMessageBytes) return;
    throw new TransportError(
      'TRANSPORT_TOO_LARGE',
      `a message of more than ${this.#maxMessageBytes} bytes is past the limit`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }

  /** Reserves one byte past the limit at most: that is room enough to see that the limit was passed. */
  #reserve(bytes: number): void {
    const needed = this.pendingBytes + bytes;
    if (needed <= this.#buffer.length) return;
    const { length } = this.#buffer;
    const doubled = Math.min(Math.max(FIRST_BYTES, 2 * length), DOUBLED_BYTES);
    const grown = length < DOUBLED_BYTES ? doubled : GROWTH * length;
    const most = Math.floor(this.#maxMessageBytes);
    const larger = this.#memory(Math.max(needed, grown < most ? grown : most + 1));
    larger.set(this.#buffer.subarray(0, this.pendingBytes));
    this.#buffer = larger;
  }

  #memory(bytes: number): Uint8Array {
    try {
      return new Uint8Array(bytes);
    } catch (cause) {
      const detail = { bytes, maxMessageBytes: this.#maxMessageBytes };
      throw new TransportError('TRANSPORT_TOO_LARGE', `there is no memory for ${bytes} bytes of a message`, detail, {
        cause,
      });
    }
  }
}
