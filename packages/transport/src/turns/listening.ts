// Whether a port of this machine is listened on, as the kernel tells. Nothing is connected: there are servers that die
// of a connection that brings nothing.
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';

/** The state of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';

/**
 * Whether something listens at a loopback address.
 * @returns undefined where that cannot be told: another machine's address, or a system without /proc/net/tcp. False is no
 *   proof that a connection would be refused: a packet filter may lead the port elsewhere.
 */
export async function listening({ host, port }: { host: string; port: number }): Promise<boolean | undefined> {
  try {
    if (!isLoopback(host)) {
      const addresses = isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
      if (!addresses.every(isLoopback)) return undefined;
    }
    const tables = await Promise.all([readFile('/proc/net/tcp', 'latin1'), readFile('/proc/net/tcp6', 'latin1')]);
    return tables.some((table) => listens(table, port));
  } catch {
    return undefined;
  }
}

/** Whether `host` is this machine and nothing but this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `sl local_address rem_address st …`, addresses as hexadecimal words in the machine's byte order, ports as numbers. */
function listens(table: string, port: number): boolean {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').some((line) => {
    const [, local = '', , state] = line.trim().split(/ +/);
    return state === LISTEN && local.endsWith(end) && isReachable(local.slice(0, -end.length));
  });
}

/** Any address, or a loopback one: 127.x.y.z is written with its first byte last. */
function isReachable(address: string): boolean {
  return /^0+$/.test(address) || /^[0-9A-F]{6}7F$/.test(address) || /^0{24}01000000$/.test(address);
}
