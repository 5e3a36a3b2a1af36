// Finds in the kernel's tables, /proc/net/tcp and tcp6, why a port of this machine cannot be listened on.
//   sl  local_address rem_address   st tx_queue:rx_queue tr:tm->when retrnsmt   uid  timeout inode
//    0: 0100007F:1770 0100007F:C350 06 00000000:00000000 03:00000EA4 00000000     0        0 0
import { readFile } from 'node:fs/promises';

/** The reason for which a port cannot be listened on. */
export interface PortUse {
  /**
   * `listening`: another program listens there. `time-wait`: no program does, and connections that were closed there hold the port for a
   * while. `connections`: no program does, and connections that are open hold the port.
   */
  readonly use: 'listening' | 'time-wait' | 'connections';
  /** The number of sockets that hold it. */
  readonly sockets: number;
  /** Milliseconds until the last of the closed connections lets go of it. */
  readonly freeInMs?: number;
}

const TIME_WAIT = '06';
const LISTEN = '0A';
/** The clock of the tables ticks a hundred times a second, at whatever rate the kernel's own does. */
const TICK_MS = 10;

/** Resolves with what uses a port; with undefined if the system shows nothing. */
export async function portUse(port: number): Promise<PortUse | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/self/net/${name}`, 'latin1').catch(() => '')),
  );
  return portUseIn(tables.join('\n'), port);
}

/** Returns the use of the port that the text of such tables shows; undefined if it shows none. */
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
  const many = sockets === 1 ? 'a connection' : `${sockets} connections`;
  if (use === 'listening') return 'another program listens there';
  if (use === 'connections')
    return `nobody listens there, and ${many} of a program that did, or that happened to get this port, still ${sockets === 1 ? 'holds' : 'hold'} it`;
  const until = freeInMs === undefined ? 'for up to a minute' : `for another ${Math.ceil(freeInMs / 1000)} s`;
  return `nobody listens there, and ${many} of a program that did ${sockets === 1 ? 'is' : 'are'} kept by the system after the end (TIME_WAIT), ${until}`;
}
