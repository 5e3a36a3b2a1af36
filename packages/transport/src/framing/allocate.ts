// Allocates the memory that messages are decoded into.
import { TransportError } from '../errors/transport-error.ts';

/**
 * Returns new memory for a message, or for the part of it that has arrived.
 * @param bytes the size of the memory
 * @param messageBytes the bytes of the message that are known, for the error
 * @throws TransportError TRANSPORT_TOO_LARGE if the machine does not have the memory
 */
export function allocate(bytes: number, messageBytes: number, maxMessageBytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new TransportError(
      'TRANSPORT_TOO_LARGE',
      `there is no memory for ${bytes} bytes of a message: lower limits.maxMessageBytes`,
      { bytes: messageBytes, maxMessageBytes },
      { cause },
    );
  }
}
