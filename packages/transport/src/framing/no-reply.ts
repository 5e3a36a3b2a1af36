// `noReply`: the framing of a direction without messages, for peers that take messages and do not reply, such as a recorder or a display.
import type { FrameDecoder, Framing } from './framing.ts';

/** The framing of a direction without messages. */
export interface NoReply extends Framing {
  readonly carriesNothing: true;
}

const NOTHING: Uint8Array[] = [];
/** Memory that bytes to be dropped are read into, the same for all connections. */
export const DROPPED: Uint8Array = new Uint8Array(65_536);

/**
 * Returns the framing for a dialect's `reply` if the peer does not reply. An exchange then resolves once the system has the whole request.
 * The request is delivered unless the connection is lost, and nobody knows whether it was processed. Bytes that such a peer sends
 * nevertheless are read and dropped, so that the peer never waits for its caller. In a listener, the answers of handlers are not sent.
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
