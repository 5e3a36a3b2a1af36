// Adds the address of the connection to an error of a framing, which knows nothing of addresses.
import type { AnyCodeDetail } from './error-detail.ts';
import { isTransportError, retold } from './transport-error.ts';

/**
 * Returns `error` with the address at which it came about. An error of another package, or one that has an address, is returned as it
 * is. Code, fault and cause stay.
 */
export function withAddress(address: string, error: unknown, detail: AnyCodeDetail = {}): unknown {
  if (!isTransportError(error) || 'address' in error.detail) return error;
  return retold(error, `${address}: ${error.message}`, { address, ...detail });
}
