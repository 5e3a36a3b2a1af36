// The framing of messages that begin with a user's own header. The dtype and the shape in the header give the message's length.
//   {"dtype": "uint8", "shape": [480, 640, 3]} \n | 921600 bytes
import { FrameAssembler, type Framing, TransportError, untilClose } from '@bridge/transport';
import { type ArrayHeader, CheckedHeader, type HeadedArray } from '../codecs/array-header.ts';

/**
 * Returns the framing of messages of `codecs.headed(header)`: they follow one another, with nothing in between.
 *
 * @throws BridgeError BRIDGE_OPTION for an invalid `header`
 * @example
 * const framing = headedMessage(header);
 * const dialect: Dialect = { request: framing, reply: framing, codec: codecs.headed(header) };
 */
export function headedMessage(header: ArrayHeader): Framing {
  const checked = new CheckedHeader(header);
  const measure = (head: Uint8Array): { skip: number; length: number } | undefined => {
    const found = readFrom(checked, head);
    return found && { skip: 0, length: found.headerBytes + found.dataBytes };
  };
  return { encode: untilClose().encode, decoder: (limits) => new FrameAssembler(measure, limits) };
}

/** @throws TransportError TRANSPORT_BAD_FRAME if the header is invalid; the error that says why is its cause */
function readFrom(header: CheckedHeader, head: Uint8Array): HeadedArray | undefined {
  try {
    return header.read(head);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError(
      'TRANSPORT_BAD_FRAME',
      `the header of an array is invalid, or header.decode cannot read it: ${why}`,
      {},
      { cause },
    );
  }
}
