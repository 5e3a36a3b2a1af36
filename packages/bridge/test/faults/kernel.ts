// Reads Linux's tables of processes and sockets, which show the state of a model without disturbing it.
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Returns the processor time that a process has used, in ticks of 10 ms: the fields utime and stime of /proc/PID/stat. */
export function cpuTicks(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/** Returns the number of files and sockets that a process has open. */
export function openDescriptors(pid: number | 'self' = 'self'): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** A row of /proc/net/tcp. */
interface TcpSocket {
  readonly localPort: number;
  readonly remotePort: number;
  /** In hexadecimal digits, as in the kernel's table. */
  readonly state: string;
  /** The bytes that have arrived and that the program has not read. */
  readonly unread: number;
  readonly inode: number;
}

const ESTABLISHED = '01';
const TIME_WAIT = '06';

function tcpSockets(): TcpSocket[] {
  const [, ...rows] = readFileSync('/proc/net/tcp', 'latin1').trimEnd().split('\n');
  return rows.map((row) => {
    const [, local = '', remote = '', state = '', queues = '', , , , , inode] = row.trim().split(/ +/);
    const port = (address: string): number => Number.parseInt(address.slice(address.lastIndexOf(':') + 1), 16);
    return {
      localPort: port(local),
      remotePort: port(remote),
      state,
      unread: Number.parseInt(queues.split(':')[1] ?? '', 16),
      inode: Number(inode),
    };
  });
}

/**
 * Returns the number of connections to or from `port` in TIME_WAIT, which keep a port for a minute after this side has closed them.
 */
export function timeWaits(port: number): number {
  return tcpSockets().filter((at) => at.state === TIME_WAIT && (at.localPort === port || at.remotePort === port))
    .length;
}

/** Returns the number of bytes that have arrived on connections to `port` and that its program has not read yet. */
export function unreadBytes(port: number): number {
  return tcpSockets()
    .filter(({ localPort, state }) => localPort === port && state === ESTABLISHED)
    .reduce((sum, { unread }) => sum + unread, 0);
}

/** Returns whether a process has an open connection to `port`, or one that is being made. */
export function isConnectedTo(port: number, pid: number): boolean {
  const inodes = new Set<number>();
  for (const fd of readdirSync(`/proc/${pid}/fd`)) {
    const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
    if (inode) inodes.add(Number(inode));
  }
  return tcpSockets().some(({ remotePort, inode }) => remotePort === port && inodes.has(inode));
}

/** A descriptor may be closed after it was listed and before it is read. */
function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Returns how many connections the kernel has dropped because queues of listening sockets were full, in this network namespace. */
export function listenCounters(): { readonly drops: number; readonly overflows: number } {
  const lines = readFileSync('/proc/net/netstat', 'latin1').split('\n');
  const [names = [], values = []] = lines.filter((line) => line.startsWith('TcpExt:')).map((line) => line.split(' '));
  const counter = (name: string): number => Number(values[names.indexOf(name)]);
  return { drops: counter('ListenDrops'), overflows: counter('ListenOverflows') };
}

/** True if the drops of a single listening socket can be counted: `ss` of iproute2 shows them, and no file in /proc does. */
export const countsDrops: boolean = spawnSync('ss', ['-V']).status === 0;

/** Returns the number of connections that the kernel dropped at the listening socket of `port`. */
export function droppedAt(port: number): number {
  const table = execFileSync('ss', ['-ltnmH', `sport = :${port}`], { encoding: 'latin1' });
  const drops = /skmem:\(.*,d(\d+)\)/.exec(table)?.[1];
  if (drops === undefined) throw new Error(`ss says nothing of port ${port}: ${table}`);
  return Number(drops);
}
