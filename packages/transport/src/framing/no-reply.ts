// No message at all: what a peer sends that takes messages and answers none. Such a peer is a recorder or a display.
import type { FrameDecoder, Framing } from './framing.ts';

/** The framing of a direction in which no messages go. */
export interface NoReply extends Framing {
  readonly carriesNothing: true;
}

const NOTHING: Uint8Array[] = [];
/** Where bytes land that nobody wants: the same place for all connections. */
export const SPENT: Uint8Array = new Uint8Array(65_536);

/**
 * The reply of peers that answer nothing, as a dialect's `reply`. An exchange is over then once the whole request is in the
 * system's hands: it is delivered as long as the connection stands, and nobody knows whether it was processed. What such a
 * peer sends all the same is read and dropped, so that it never has to wait for us; what a handler answers is not sent.
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
    return SPENT;
  }

  filled(): undefined {}

  end(): undefined {}

  rest(): Uint8Array {
    return new Uint8Array(0);
  }
}
