// The errors of a relay through docker exec: those of a socket's carrier.
import { isTransportError, TransportError } from '@bridge/transport';

const ECONNREFUSED = 111;

/** No connection was made: the model saw nothing. */
export function unreached(address: string, errno: number): TransportError {
  if (errno === ECONNREFUSED)
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
  const message = `${address} cannot be reached: errno ${errno}`;
  return new TransportError('TRANSPORT_UNREACHABLE', message, { address, errno });
}

/** One was, and is not any more. */
export function lost(address: string, replyBytes: number, why: string, cause?: unknown): TransportError {
  const inside = replyBytes > 0;
  return new TransportError(
    inside ? 'TRANSPORT_CLOSED_INSIDE_REPLY' : 'TRANSPORT_CLOSED_BEFORE_REPLY',
    `the connection to ${address} was lost ${inside ? `inside its reply, after ${replyBytes} bytes` : 'before its reply'}: ${why}`,
    { address, replyBytes },
    cause === undefined ? {} : { cause },
  );
}

/** A framing's error, with the address it came from. */
export function at(address: string, error: unknown): unknown {
  if (!isTransportError(error)) return error;
  const { code, message, detail, fault } = error;
  return new TransportError(code, `${address}: ${message}`, { ...detail, address }, { fault, cause: error });
}
