// A TCP endpoint as a caller hands it over, and its check: the caller's program may have no types.

import { describeValue } from '../../errors/describe-value.ts';
import { kept, optionsOf } from '../../errors/options.ts';
import { plain } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';

/** A TCP endpoint. */
export interface TcpAddress {
  /**
   * A name or an IP address, without brackets. On this machine say `127.0.0.1`: `localhost` may stand for `::1` first, and another
   * user may listen there.
   */
  readonly host: string;
  /** A listener may give 0, which lets the system choose. */
  readonly port: number;
}

const NAMES: readonly string[] = ['host', 'port'];

/**
 * Checks a value that was handed over as an address.
 * @throws TransportError TRANSPORT_BAD_ADDRESS
 */
export function checkTcpAddress(address: unknown): TcpAddress {
  const { host, port } = optionsOf('a TCP address', address, NAMES, 'TRANSPORT_BAD_ADDRESS');
  if (typeof host !== 'string' || host === '') {
    const message = `a TCP address is { host, port }, host a name or an IP address; got ${describeValue(host ?? address)}`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: kept(host), port: kept(port) });
  }
  if (!isPort(port)) {
    const message = `${describeValue(port)} is not a port of ${plain(host)}: expected a whole number from 0 to 65535`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: kept(host), port: kept(port) });
  }
  return { host, port };
}

/** Returns whether `port` is a port, 0 included. */
export function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
}
