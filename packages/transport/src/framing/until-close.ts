// The framing `untilClose`: a message is all bytes up to the end of the stream, so there is one message for each connection.
import { TransportError } from '../errors/transport-error.ts';
import { allocate } from './allocate.ts';
import { checkChunk, checkFilled } from './chunk.ts';
import type { FrameDecoder, Framing } from './framing.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';
import { checkMessage, type Message } from './message.ts';

/** Returns a framing in which a message ends with its stream. A message of more than 64 MiB is at the beginning of a larger ArrayBuffer. */
export function untilClose(): Framing {
  return { encode: plain, endsStream: true, decoder: (limits) => new Collector(limits) };
}

/** Returns a message as it is, after a check. */
function plain(message: Message): Message {
  checkMessage(message);
  return message;
}

const NOTHING = new Uint8Array(0);
const FIRST_BYTES = 4096;
/** Memory up to this size is doubled when it is full. Larger memory is made GROWTH times as large, so that little is copied at once. */
const DOUBLED_BYTES = 2 ** 22;
const GROWTH = 16;
/** A message larger than this is not copied to memory of its own size. The system provides the unused rest only if it is written. */
const MOVED_BYTES = DOUBLED_BYTES * GROWTH;

/** Collects the bytes of one message in memory that grows with them. */
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

  /** Returns no bytes: all bytes of the stream belong to its one message. */
  rest(): Uint8Array {
    return new Uint8Array(0);
  }

  #check(more: number): void {
    const bytes = this.pendingBytes + more;
    if (bytes <= this.#maxMessageBytes) return;
    throw new TransportError(
      'TRANSPORT_TOO_LARGE',
      `a message is larger than the limit of ${this.#maxMessageBytes} bytes, limits.maxMessageBytes`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }

  /** Makes room for `bytes` more bytes. The memory has at most one byte more than the limit, which is enough to notice an excess. */
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
    return allocate(bytes, bytes, this.#maxMessageBytes);
  }
}
