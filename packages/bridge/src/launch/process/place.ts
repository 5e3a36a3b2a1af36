// A place is where a plain process listens: a TCP port or a Unix socket. For both kinds this file knows which of the kernel's tables list
// the sockets, and which rows are sockets that listen at the place.
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { listenersIn } from '@bridge/transport/machine';
import type { Replica } from '../../guard/replica.ts';
import type { PeerOptions } from '../../targets/stream-replica.ts';
import { tcpReplica } from '../../targets/tcp-scheme.ts';
import { unixReplica } from '../../targets/unix-scheme.ts';
import type { Listening } from '../runtime.ts';

/** A listening socket, and the inode number by which it is found among a process's open files. */
export interface PortListener extends Listening {
  readonly inode: string;
}

/** The place of a TCP port. */
export interface TcpPlace extends ListenPlace {
  /** Returns the number of the user that opened the listening socket with this inode. */
  ownerIn(tables: readonly string[], inode: string): number | undefined;
}

/** A place, and what the kernel's tables tell about it. */
export interface ListenPlace {
  /** The name for messages: `port 6000`, `the Unix socket /run/model.sock`. */
  readonly name: string;
  /** The port or the path, for the `detail` of errors. */
  readonly detail: { readonly port: number } | { readonly path: string };
  /** Returns the files with the kernel's tables of such sockets, in the network namespace of a process. */
  tables(pid: number | 'self'): readonly string[];
  /** Returns the sockets that listen at the place, those for any address first. */
  listenersIn(tables: readonly string[]): readonly PortListener[];
  /**
   * Returns the sockets that do not listen and yet keep the place, each with the seconds for which the kernel will still keep it, if
   * that is known.
   */
  lingeringIn(tables: readonly string[]): readonly { readonly inode: string; readonly seconds: number | undefined }[];
  /** Returns the inode of the place's end of a connection from this port; undefined if that is not known. */
  otherEndIn(tables: readonly string[], port: number): string | undefined;
  /** Returns the replica for a socket that listens at the place. */
  replica(listening: Listening, options: PeerOptions): Replica;
}

const ORDER = { any: 0, loopback: 1, address: 2, unix: 3 };

export function tcpPlace(port: number): TcpPlace {
  const end = endOf(port);
  return {
    name: `port ${port}`,
    detail: { port },
    tables: (pid) => [`/proc/${pid}/net/tcp`, `/proc/${pid}/net/tcp6`],
    listenersIn: (tables) =>
      tables
        .flatMap((table) => listenersIn(linesWith(table, `${end} `).join('\n'), port))
        .sort((a, b) => ORDER[a.on] - ORDER[b.on]),
    lingeringIn: (tables) =>
      rowsOf(tables, `${end} `).flatMap(([, local = '', , state = '', , timer = '', , , , inode = '']) =>
        state !== LISTEN && local.endsWith(end) ? [{ inode, seconds: secondsOf(state, timer) }] : [],
      ),
    otherEndIn: (tables, from) =>
      rowsOf(tables, `${endOf(from)} `).find(
        ([, local, remote]) => local?.endsWith(end) && remote?.endsWith(endOf(from)),
      )?.[9],
    ownerIn: (tables, wanted) => {
      const uid = rowsOf(tables, `${end} `).find(([, , , , , , , , , inode]) => inode === wanted)?.[7];
      return uid === undefined ? undefined : Number(uid);
    },
    replica: ({ on, address }, options) => {
      const loopback = address === '::' ? '::1' : '127.0.0.1';
      return tcpReplica({ host: on === 'any' ? loopback : address, port }, options);
    },
  };
}

/** The flag of a listening Unix socket in the kernel's table. */
const ACCEPTS = '00010000';

/** Returns the place of a Unix socket. @param path an absolute path, or an abstract name, which begins with @ */
export function unixPlace(path: string, cwd: string): ListenPlace {
  return {
    name: `the Unix socket ${path}`,
    detail: { path },
    tables: (pid) => [`/proc/${pid}/net/unix`],
    listenersIn: (tables) => {
      const names = new Set([path, realPath(path)]);
      return rowsOf(tables, ` ${ACCEPTS} `).flatMap(([, , , flags, , , inode = '', ...words]) => {
        const bound = words.join(' ');
        // If a program binds a relative path, the table has the relative path.
        const named = bound.startsWith('@') || isAbsolute(bound) ? bound : resolve(cwd, bound);
        return flags === ACCEPTS && bound !== '' && names.has(named) ? [{ on: 'unix', address: path, inode }] : [];
      });
    },
    lingeringIn: () => [],
    otherEndIn: () => undefined,
    replica: (_, options) => unixReplica(path, options),
  };
}

/** Returns all listening sockets with the names of their places. A model's open files tell which of them are its own. */
export function allListenersIn(
  tcpTables: readonly string[],
  unixTable: string,
): { readonly name: string; readonly inode: string }[] {
  const listening = rowsOf(tcpTables, ` ${LISTEN} `).filter(([, , , state]) => state === LISTEN);
  const ports = new Set(listening.map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)));
  const tcp = [...ports].flatMap((port) =>
    tcpTables
      .flatMap((table) => listenersIn(linesWith(table, `${endOf(port)} `).join('\n'), port))
      .map(({ address, inode }) => ({ name: `port ${port} of ${address}`, inode })),
  );
  const unix = rowsOf([unixTable], ` ${ACCEPTS} `).flatMap(([, , , flags, , , inode = '', ...words]) =>
    flags === ACCEPTS && words.length > 0 ? [{ name: `the Unix socket ${words.join(' ')}`, inode }] : [],
  );
  return [...tcp, ...unix];
}

const LISTEN = '0A';
const TIME_WAIT = '06';
/** The kernel's ticks in a second. */
const TICKS = 100;

/** Returns the end of an address with this port in a table. */
function endOf(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Returns the rows that contain a string, split into fields. */
function rowsOf(tables: readonly string[], text: string): string[][] {
  return tables.flatMap((table) => linesWith(table, text).map((line) => line.trim().split(/ +/)));
}

/** Returns the lines that contain a string. A machine may have a hundred thousand sockets, so the table is not split into lines. */
function linesWith(table: string, text: string): string[] {
  const lines: string[] = [];
  for (let at = table.indexOf(text); at >= 0; ) {
    const end = table.indexOf('\n', at);
    lines.push(table.slice(table.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end));
    at = end < 0 ? -1 : table.indexOf(text, end);
  }
  return lines;
}

/** Returns the seconds until a timer is due. `03:000012AB` is the timer's kind and the ticks that are left. */
function secondsOf(state: string, timer: string): number | undefined {
  const ticks = Number.parseInt(timer.split(':')[1] ?? '', 16);
  return state === TIME_WAIT && Number.isFinite(ticks) ? Math.ceil(ticks / TICKS) : undefined;
}

/** Returns the path with the links in its folder resolved. */
function realPath(path: string): string {
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch {
    return path;
  }
}
