// Checks the size of a message against the most that a framing can declare: ten decimal digits, for example, up to 9 999 999 999 bytes.
import { TransportError } from '@bridge/transport';

/**
 * @param bytes undefined if the size is not known yet
 * @throws TransportError TRANSPORT_TOO_LARGE, with `fault: 'caller'`
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
