// Errors of a relay through docker exec for messages that the model has not seen. They are the same as those of a socket's carrier.
import { TransportError } from '@bridge/transport';

const ECONNREFUSED = 111;

/** Returns the error if the relay has ended, or was told to end, before the message was sent. */
export function relayOver(address: string, why: string): TransportError {
  const message = `the relay to ${address} ended before this message was sent${why && `: ${why}`}`;
  return new TransportError('TRANSPORT_UNREACHABLE', message, { address });
}

/** Returns the error if no connection could be made. */
export function unreached(address: string, errno: number): TransportError {
  if (errno === ECONNREFUSED)
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
  const message = `${address} cannot be reached: errno ${errno}`;
  return new TransportError('TRANSPORT_UNREACHABLE', message, { address, errno });
}
