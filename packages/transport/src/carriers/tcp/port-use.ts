// Finds out from the kernel's tables, /proc/net/tcp and tcp6, why a port of this machine cannot be listened on.
//   sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode
//    0: 0100007F:1770 0100007F:C350 06 00000000:00000000 03:00000EA4 00000000     0        0 0
import { readFile } from 'node:fs/promises';

/** The reason for which a port cannot be listened on. */
export interface PortUse {
  /**
   * `listening`: another program listens on the port. `time-wait`: the port has only closed connections, which the system keeps for a while
   * (TIME_WAIT). `connections`: no program listens on the port, but open connections use it.
   */
  readonly use: 'listening' | 'time-wait' | 'connections';
  /** The number of sockets that use the port. */
  readonly sockets: number;
  /** Milliseconds until the last closed connection is removed. */
  readonly freeInMs?: number;
}

const TIME_WAIT = '06';
const LISTEN = '0A';
/** Times in the tables are in ticks of a hundredth of a second, whatever the rate of the kernel's own clock is. */
const TICK_MS = 10;

/** Resolves with the use of a port; with undefined if the tables have no socket of it, or there are no tables. */
export async function portUse(port: number): Promise<PortUse | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  );
  return portUseIn(tables.join('\n'), port);
}

/** Returns the use of a port according to such tables; undefined if they have no socket of it. */
export function portUseIn(tables: string, port: number): PortUse | undefined {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = tables.split('\n').flatMap((line) => {
    const [, local = '', , state = '', , timer = ''] = line.trim().split(/ +/);
    return local.endsWith(end) ? [{ state, ms: Number.parseInt(timer.split(':')[1] ?? '', 16) * TICK_MS }] : [];
  });
  const listening = sockets.filter(({ state }) => state === LISTEN);
  if (listening.length > 0) return { use: 'listening', sockets: listening.length };
  const open = sockets.filter(({ state }) => state !== TIME_WAIT);
  if (open.length > 0) return { use: 'connections', sockets: open.length };
  if (sockets.length === 0) return undefined;
  const left = sockets.map(({ ms }) => ms).filter(Number.isFinite);
  return { use: 'time-wait', sockets: sockets.length, ...(left.length > 0 && { freeInMs: Math.max(...left) }) };
}

/** Returns the use of a port in words, for messages. */
export function useText({ use, sockets, freeInMs }: PortUse): string {
  const many = (kind: string): string => (sockets === 1 ? `one ${kind} connection` : `${sockets} ${kind} connections`);
  if (use === 'listening') return 'another program listens there';
  if (use === 'connections')
    return `no program listens there, but ${many('open')} ${sockets === 1 ? 'uses' : 'use'} it: of an earlier listener, or an outgoing one to which the system gave this port`;
  const until = freeInMs === undefined ? 'for up to a minute' : `for another ${Math.ceil(freeInMs / 1000)} s`;
  return `no program listens there, but the system keeps ${many('closed')} of this port (TIME_WAIT) ${until}`;
}
