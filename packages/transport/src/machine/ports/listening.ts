// Asks the kernel whether a program listens on a port of this machine, without a connection: there are servers that die of a connection
// without a message.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { optionError } from '../../errors/options.ts';
import { listenersOf } from './listeners.ts';
import { checkTcpAddress, type TcpAddress } from './tcp-address.ts';

/**
 * Resolves with whether a program listens at a loopback address; with undefined if that is not known, because the address may be another
 * machine's, or there is no /proc/net/tcp. False does not prove that a connection would be refused: a packet filter may forward the port.
 * @throws TransportError TRANSPORT_BAD_ADDRESS if host or port is invalid
 */
export async function listening(address: TcpAddress): Promise<boolean | undefined> {
  const { host, port } = checkTcpAddress(address);
  try {
    if (!isLoopback(host)) {
      const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
      if (!addresses.every(isLoopback)) return undefined;
    }
    return (await listenersOf(port)).some(({ on }) => on !== 'address');
  } catch {
    return undefined;
  }
}

/**
 * Returns whether `host` is an address of the loopback interface, or `localhost`.
 * @throws TransportError TRANSPORT_BAD_OPTION if `host` is not a string
 */
export function isLoopback(host: string): boolean {
  if (typeof host !== 'string') throw optionError('host', 'a string', host);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
