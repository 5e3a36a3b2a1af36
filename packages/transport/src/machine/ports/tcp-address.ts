// The address of a TCP endpoint, and its check, because a caller may be a JavaScript program without types.

import { describeValue } from '../../errors/describe-value.ts';
import { forDetail, optionsOf } from '../../errors/options.ts';
import { plain } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';

/** The address of a TCP endpoint. */
export interface TcpAddress {
  /**
   * A host name or an IP address, without brackets. For this machine write `127.0.0.1`: `localhost` may be resolved to `::1` first, where
   * another user's program may listen.
   */
  readonly host: string;
  /** The port. For a listener, 0 lets the system choose a free port. */
  readonly port: number;
}

const NAMES: readonly string[] = ['host', 'port'];

/**
 * Returns a checked address.
 * @throws TransportError TRANSPORT_BAD_ADDRESS
 */
export function checkTcpAddress(address: unknown): TcpAddress {
  const { host, port } = optionsOf('a TCP address', address, NAMES, 'TRANSPORT_BAD_ADDRESS');
  if (typeof host !== 'string' || host === '') {
    const message = `a TCP address is { host, port }, host a name or an IP address; got ${describeValue(host ?? address)}`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: forDetail(host), port: forDetail(port) });
  }
  if (!isPort(port)) {
    const message = `${describeValue(port)} is not a port of ${plain(host)}: expected a whole number from 0 to 65535`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: forDetail(host), port: forDetail(port) });
  }
  return { host, port };
}

/** Returns whether `port` is a whole number from 0 to 65535. */
export function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
}
