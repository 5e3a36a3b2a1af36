// Finds the sockets that listen on a port in the kernel's table of a network namespace, without a connection. A line of the table:
//   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
//    0: 0100007F:1770 00000000:0000 0A …                                              8123456
import { readFile } from 'node:fs/promises';
import { optionError } from '../../errors/options.ts';
import { isPort } from './tcp-address.ts';

/** The state of a listening socket. */
const LISTEN = '0A';

/** A socket that listens on a TCP port. */
export interface ListeningSocket {
  /**
   * The addresses that it listens on. `any`: all of its network namespace; `loopback`: one of 127.0.0.0/8, or ::1; `address`: another one.
   */
  readonly on: 'any' | 'loopback' | 'address';
  /** The address in its usual notation: `0.0.0.0`, `127.0.0.1`, `::`. */
  readonly address: string;
  /** The socket's inode number. A process that has the socket open has a link to `socket:[inode]` in its /proc/…/fd. */
  readonly inode: string;
}

/**
 * Resolves with the sockets that listen on a port in the network namespace of a process, those with `on: 'any'` first.
 * @param pid the id of the process. Default: this process
 * @throws the system's error if the process has ended, or there is no /proc; TransportError TRANSPORT_BAD_OPTION
 */
export async function listenersOf(port: number, pid: number | 'self' = 'self'): Promise<ListeningSocket[]> {
  checkPort(port);
  if (pid !== 'self' && !(Number.isSafeInteger(pid) && pid > 0)) throw optionError('pid', "a process's id", pid);
  const tables = await Promise.all([
    readFile(`/proc/${pid}/net/tcp`, 'latin1'),
    // A kernel without IPv6 has no such table.
    readFile(`/proc/${pid}/net/tcp6`, 'latin1').catch(() => ''),
  ]);
  return tables.flatMap((table) => listenersIn(table, port)).sort((a, b) => ORDER[a.on] - ORDER[b.on]);
}

const ORDER = { any: 0, loopback: 1, address: 2 };

function checkPort(port: unknown): void {
  if (!isPort(port)) throw optionError('port', 'a whole number from 0 to 65535', port);
}

/**
 * Returns the sockets that listen on a port according to the text of such a table, such as /proc/net/tcp of a container.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function listenersIn(table: string, port: number): ListeningSocket[] {
  if (typeof table !== 'string') throw optionError('table', 'a string', table);
  checkPort(port);
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/ +/);
    if (state !== LISTEN || !local.endsWith(end)) return [];
    const address = addressOf(local.slice(0, -end.length));
    return [{ address, on: kindOf(address), inode }];
  });
}

function kindOf(address: string): ListeningSocket['on'] {
  if (address === '0.0.0.0' || address === '::') return 'any';
  return address.startsWith('127.') || address === '::1' ? 'loopback' : 'address';
}

/** Returns the address of a table's line. The table has words of four bytes in the machine's byte order, here always little-endian. */
function addressOf(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map((byte) => Number.parseInt(byte, 16)).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => Number.parseInt(`${bytes[2 * i]}${bytes[2 * i + 1]}`, 16));
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff)
    return bytes
      .slice(12)
      .map((byte) => Number.parseInt(byte, 16))
      .join('.');
  // The URL parser shortens an IPv6 address in the usual way.
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`).hostname.slice(1, -1);
}
