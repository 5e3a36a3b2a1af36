// The framing of no messages, for peers that take messages and answer none, such as a recorder or a display.
import type { FrameDecoder, Framing } from './framing.ts';

/** The framing of a direction in which no messages go. */
export interface NoReply extends Framing {
  readonly carriesNothing: true;
}

const NOTHING: Uint8Array[] = [];
/** Memory for bytes that nobody wants: the same for all connections. */
export const DROPPED: Uint8Array = new Uint8Array(65_536);

/**
 * Returns a dialect's `reply` for peers that answer nothing. An exchange is over once the whole request is in the system's hands: it is
 * delivered as long as the connection stands, and nobody knows whether it was processed. Bytes that such a peer sends all the same are
 * read and dropped, so that it never has to wait for its caller. A handler's answers are not sent.
 *
 * @example
 * const carrier = tcp({ host: '127.0.0.1', port: 6000 }, { dialect: { request: uintLength({ bytes: 4 }), reply: noReply(), connection: 'persistent' } });
 * await carrier.exchange([frame]); // an empty Uint8Array, as soon as the system has taken the frame
 */
export function noReply(): NoReply {
  return { carriesNothing: true, maxMessageBytes: 0, encode: () => NOTHING, decoder: () => new Dropping() };
}

class Dropping implements FrameDecoder {
  readonly pendingBytes = 0;

  push(): undefined {}

  space(): Uint8Array {
    return DROPPED;
  }

  filled(): undefined {}

  end(): undefined {}

  rest(): Uint8Array {
    return new Uint8Array(0);
  }
}
