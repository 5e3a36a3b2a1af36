// Adds an address to an error. Framings and limits throw errors without one, because they do not know the connection.
import type { AnyCodeDetail } from './error-detail.ts';
import { isTransportError, retold } from './transport-error.ts';

/**
 * Returns a TransportError with the address in front of the message of `error` and in its detail, and with the same code, fault and cause.
 * An error that has an address, or is no TransportError, is returned as it is.
 */
export function withAddress(address: string, error: unknown, detail: AnyCodeDetail = {}): unknown {
  if (!isTransportError(error) || 'address' in error.detail) return error;
  return retold(error, `${address}: ${error.message}`, { address, ...detail });
}
