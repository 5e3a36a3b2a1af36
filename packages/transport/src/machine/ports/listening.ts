// Asks the kernel whether a port of this machine is listened on. Nothing is connected: there are servers that die of a connection that
// brings nothing.
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { optionError } from '../../errors/options.ts';
import { listenersOf } from './listeners.ts';
import { checkTcpAddress, type TcpAddress } from './tcp-address.ts';

/**
 * Resolves with whether something listens at a loopback address; with undefined if that cannot be told, because the address is another
 * machine's, or the system has no /proc/net/tcp. False does not prove that a connection would be refused: a packet filter may lead the port
 * elsewhere.
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
 * Returns whether `host` is this machine and nothing but this machine.
 * @throws TransportError TRANSPORT_BAD_OPTION if `host` is not text
 */
export function isLoopback(host: string): boolean {
  if (typeof host !== 'string') throw optionError('host', 'text', host);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
