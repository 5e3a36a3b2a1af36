// The size of a message against the most that the way to the peer can carry: ten decimal digits say at most 9 999 999 999 bytes.
import { TransportError } from '@bridge/transport';

/**
 * @param bytes undefined where the size is not known yet
 * @throws TransportError TRANSPORT_TOO_LARGE, the caller's fault
 */
export function checkSize(bytes: number | undefined, maxMessageBytes: number): void {
  if (bytes === undefined || bytes <= maxMessageBytes) return;
  throw new TransportError(
    'TRANSPORT_TOO_LARGE',
    `a message of ${bytes} bytes is larger than its framing can carry: ${maxMessageBytes} bytes at most`,
    { bytes, maxMessageBytes },
    { fault: 'caller' },
  );
}
