// The contract of framings, which say where a message ends on a byte stream. Pure: a decoder is fed chunks, returns messages, never waits.

import type { FrameLimits } from './limits.ts';
import type { Message } from './message.ts';

/** Decodes the bytes of one direction of one stream. After an error it is of no further use. */
export interface FrameDecoder {
  /**
   * Takes a chunk, which may be empty, and returns the next message if it is complete. A chunk may complete several messages:
   * call again without a chunk until none is returned.
   * @throws TransportError TRANSPORT_BAD_FRAME, TRANSPORT_TOO_LARGE, TRANSPORT_BAD_OPTION for a chunk that is not a Uint8Array;
   *   what a message's own reader throws
   */
  push(chunk?: Uint8Array): Uint8Array | undefined;
  /** Returns memory into which the next bytes may be written instead of a push; never empty. Call again after each `filled`. */
  space(): Uint8Array;
  /** Says that `bytes` were written to the front of `space()`. Returns what `push` returns. */
  filled(bytes: number): Uint8Array | undefined;
  /**
   * Says that no more bytes will come. Returns the message that only the end completes, if there is one.
   * @throws TransportError TRANSPORT_TRUNCATED if the stream ended inside a frame
   */
  end(): Uint8Array | undefined;
  /**
   * Gives the bytes behind the last message back, in memory of their own, to another decoder that reads on. Between messages only.
   * Needed if other bytes than messages go the same way: see `Token`.
   */
  rest?(): Uint8Array;
  /** Bytes that were taken and are not part of a returned message. */
  readonly pendingBytes: number;
  /** Bytes of the message that is coming and of its framing, once they are known. */
  readonly wholeBytes?: number | undefined;
}

/** A framing: the rule by which messages begin and end on a stream. */
export interface Framing {
  /**
   * Returns the bytes to send for a message: its own parts, not copied, with the bytes that the framing adds.
   * @throws TransportError TRANSPORT_TOO_LARGE if the framing cannot say that length, TRANSPORT_BAD_MESSAGE
   */
  encode(message: Message): Message;
  /** Bytes of the largest message whose length the framing can say. Undefined: any length. */
  readonly maxMessageBytes?: number;
  /** True if a message ends only with its stream: the sender has to end its half of the connection behind it. */
  readonly endsStream?: boolean;
  /** True if no message ever goes this way: see `noReply`. */
  readonly carriesNothing?: boolean;
  /**
   * Returns a decoder for one stream.
   * @throws TransportError TRANSPORT_BAD_OPTION for an invalid limit
   */
  decoder(limits?: Partial<FrameLimits>): FrameDecoder;
}
