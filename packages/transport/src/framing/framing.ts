// How a byte stream says where a message ends: the contract. Pure: fed chunks, answers messages, never waits.

import type { FrameLimits } from './limits.ts';
import type { Message } from './message.ts';

/** Takes the bytes of one direction of one stream. After an error it is of no further use. */
export interface FrameDecoder {
  /**
   * Takes a chunk, which may be empty, and answers the next message if it is complete. A chunk may complete several:
   * ask again with nothing until there is none.
   * @throws TransportError TRANSPORT_BAD_FRAME, TRANSPORT_TOO_LARGE, TRANSPORT_BAD_OPTION for what is no Uint8Array;
   *   whatever a message's own reader throws
   */
  push(chunk?: Uint8Array): Uint8Array | undefined;
  /** Memory into which the next bytes may be written in place of a push; never empty. Ask anew after each `filled`. */
  space(): Uint8Array;
  /** Says that `bytes` were written to the front of `space()`; answers as `push` does. */
  filled(bytes: number): Uint8Array | undefined;
  /**
   * Says that no more bytes will come, and answers the message that only the end could complete.
   * @throws TransportError TRANSPORT_TRUNCATED when the stream ended inside a frame
   */
  end(): Uint8Array | undefined;
  /**
   * Gives back what came behind the last message, in memory of its own: it belongs to whoever reads on. Between messages only.
   * Needed where something else than messages goes the same way: see `Token`.
   */
  rest?(): Uint8Array;
  /** Bytes taken and not yet part of an answered message. */
  readonly pendingBytes: number;
  /** Bytes of the message that is coming and of its framing, once they are known. */
  readonly wholeBytes?: number | undefined;
}

/** Where a message begins and ends on a stream. */
export interface Framing {
  /**
   * The bytes to send for a message: its own parts, not copied, with what the framing adds.
   * @throws TransportError TRANSPORT_TOO_LARGE when the framing cannot say that length, TRANSPORT_BAD_MESSAGE
   */
  encode(message: Message): Message;
  /** Bytes of the largest message whose length it can say. Without it there is none. */
  readonly maxMessageBytes?: number;
  /** Whether a message ends only where its stream does: whoever sends one has to end its half behind it. */
  readonly endsStream?: boolean;
  /** Whether no message ever goes this way: see `noReply`. */
  readonly carriesNothing?: boolean;
  /**
   * A decoder for one stream.
   * @throws TransportError TRANSPORT_BAD_OPTION for a limit that is none
   */
  decoder(limits?: Partial<FrameLimits>): FrameDecoder;
}
