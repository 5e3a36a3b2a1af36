// The contract of framings, which are the rules by which messages begin and end on a byte stream. A framing does no I/O: its decoder takes
// chunks and returns messages, and never waits.

import type { FrameLimits } from './limits.ts';
import type { Message } from './message.ts';

/** Decodes the bytes of one direction of one stream. After an error the decoder must not be used any more. */
export interface FrameDecoder {
  /**
   * Takes a chunk, which may be empty, and returns the next message if it is whole. A chunk may complete several messages: call `push`
   * again without a chunk until it returns undefined.
   * @throws TransportError TRANSPORT_BAD_FRAME, TRANSPORT_TOO_LARGE, TRANSPORT_BAD_OPTION if `chunk` is not a Uint8Array; what the
   *   framing's own functions throw
   */
  push(chunk?: Uint8Array): Uint8Array | undefined;
  /** Returns memory for the next bytes, never empty, to be used in place of `push`. Call it again after each `filled`. */
  space(): Uint8Array;
  /** Takes the bytes that were written to the front of `space()`; `bytes` is their number. Returns what `push` returns. */
  filled(bytes: number): Uint8Array | undefined;
  /**
   * Call it when the stream has ended. Returns the message that ends with the stream, if there is one.
   * @throws TransportError TRANSPORT_TRUNCATED if a message is not whole
   */
  end(): Uint8Array | undefined;
  /**
   * Takes out the bytes after the last message, and returns them in memory of their own, for another decoder. Called only between messages.
   * Needed in dialects with tokens: see `Token`.
   */
  rest?(): Uint8Array;
  /** The bytes that were taken and are not part of a returned message. */
  readonly pendingBytes: number;
  /** The bytes of the message that is arriving, framing included, once they are known. */
  readonly wholeBytes?: number | undefined;
}

/** A framing: the rule by which messages begin and end on a stream. */
export interface Framing {
  /**
   * Returns the bytes to send for a message: its own parts, not copied, and the bytes that the framing adds.
   * @throws TransportError TRANSPORT_TOO_LARGE if the framing cannot express the length, TRANSPORT_BAD_MESSAGE if the message is invalid
   */
  encode(message: Message): Message;
  /** The bytes of the largest message whose length the framing can express. Undefined: any length. */
  readonly maxMessageBytes?: number;
  /** True if a message ends with its stream: the sender has to end its half of the connection after the message. */
  readonly endsStream?: boolean;
  /** True if no messages go in this direction: see `noReply`. */
  readonly carriesNothing?: boolean;
  /**
   * Returns a decoder for one stream.
   * @throws TransportError TRANSPORT_BAD_OPTION if a limit is invalid
   */
  decoder(limits?: Partial<FrameLimits>): FrameDecoder;
}
