// A TCP endpoint as it is handed over: whatever it is by its type, it may come from a program that has none.

import { describeValue } from '../../errors/describe-value.ts';
import { kept, optionsOf } from '../../errors/options.ts';
import { plain } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';

/** A TCP endpoint. */
export interface TcpAddress {
  /**
   * A name or an IP address, without brackets. On this machine say `127.0.0.1`: `localhost` may stand for `::1` first, and there
   * somebody else may listen.
   */
  readonly host: string;
  /** 0 lets the system choose, where one listens. */
  readonly port: number;
}

const NAMES: readonly string[] = ['host', 'port'];

/**
 * Holds what was handed over as an address against what one is.
 * @throws TransportError TRANSPORT_BAD_ADDRESS
 */
export function checkTcpAddress(address: unknown): TcpAddress {
  const { host, port } = optionsOf('a TCP address', address, NAMES, 'TRANSPORT_BAD_ADDRESS');
  if (typeof host !== 'string' || host === '') {
    const message = `a TCP address is { host, port }, host a name or an IP address; got ${describeValue(host ?? address)}`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: kept(host), port: kept(port) });
  }
  if (!isPort(port)) {
    const message = `${describeValue(port)} is no port of ${plain(host)}: expected a whole number from 0 to 65535`;
    throw new TransportError('TRANSPORT_BAD_ADDRESS', message, { host: kept(host), port: kept(port) });
  }
  return { host, port };
}

/** Whether `port` is one, 0 included. */
export function isPort(port: unknown): port is number {
  return typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535;
}
