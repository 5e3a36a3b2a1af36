// Asks the kernel whether a program listens on a port of this machine, without a connection: there are servers that die of a connection
// without a message.
import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
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

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');
// A connection to the address of all interfaces is one to loopback.
LOOPBACK.addAddress('0.0.0.0');
LOOPBACK.addAddress('::', 'ipv6');

/**
 * Returns whether a connection to `host` is one to the loopback interface of this machine: `localhost`, an address of that interface in any
 * of its spellings (`127.1` is 127.0.0.1, `::ffff:127.0.0.1` as well), or the address of all interfaces.
 * @throws TransportError TRANSPORT_BAD_OPTION if `host` is not a string
 */
export function isLoopback(host: string): boolean {
  if (typeof host !== 'string') throw optionError('host', 'a string', host);
  const address = canonical(host.toLowerCase());
  if (address === 'localhost') return true;
  const version = isIP(address);
  return version > 0 && LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Returns an IPv4 address in the usual spelling, as the system's resolver reads it; other hosts as they are. */
function canonical(host: string): string {
  if (isIP(host) || !/^[0-9a-fx.]+$/.test(host)) return host;
  try {
    // A URL's host is an IPv4 address if its last part is a number: https://url.spec.whatwg.org/#concept-ipv4-parser
    return new URL(`http://${host}`).hostname;
  } catch {
    return host;
  }
}
