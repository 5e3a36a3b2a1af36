// Adds to an error of a framing the address of the connection on which the bytes came.
import { isTransportError, TransportError } from './transport-error.ts';

/**
 * Returns `error` with the address at which it came about. Framings know nothing of addresses, so their errors get one here; an error
 * of another package, or one that has an address, is returned as it is. Code, fault and cause stay.
 */
export function withAddress(address: string, error: unknown, detail: Record<string, unknown> = {}): unknown {
  if (!isTransportError(error) || 'address' in error.detail) return error;
  const { code, message, fault, cause } = error;
  const more = { fault, ...(cause !== undefined && { cause }) };
  return new TransportError(code, `${address}: ${message}`, { ...error.detail, address, ...detail }, more);
}
