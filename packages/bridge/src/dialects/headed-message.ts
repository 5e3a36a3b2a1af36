// A message that says its own length in a header of one's own, by the dtype and the shape of the elements behind it.
//   {"dtype": "uint8", "shape": [480, 640, 3]} \n | 921600 bytes
import { FrameAssembler, type Framing, TransportError, untilClose } from '@bridge/transport';
import { type ArrayHeader, checkHeader, type HeadedArray, readArrayHeader } from '../codecs/array-header.ts';

/**
 * The framing of messages of `codecs.headed(header)`, one behind the other with nothing added.
 *
 * @throws BridgeError BRIDGE_OPTION
 * @example
 * const framing = headedMessage(header);
 * const dialect = dialects.prefixed({ request: framing, reply: framing, codec: codecs.headed(header) });
 */
export function headedMessage(header: ArrayHeader): Framing {
  const checked = checkHeader(header);
  const measure = (head: Uint8Array): { skip: number; length: number } | undefined => {
    const found = readFrom(checked, head);
    return found && { skip: 0, length: found.headerBytes + found.dataBytes };
  };
  return { encode: untilClose().encode, decoder: (limits) => new FrameAssembler(measure, limits) };
}

/** @throws TransportError TRANSPORT_BAD_FRAME, whatever was thrown for an invalid header */
function readFrom(header: ArrayHeader, head: Uint8Array): HeadedArray | undefined {
  try {
    return readArrayHeader(header, head);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('TRANSPORT_BAD_FRAME', `the header cannot be read: ${why}`, {}, { cause });
  }
}
