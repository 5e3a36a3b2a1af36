// Checks that the model itself listens at its place (its port or Unix socket). While the model restarts, another program may take the
// port, and must not be sent the model's messages.
import { lstatSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Listening } from '../runtime.ts';
import { allListenersIn, type ListenPlace, type PortListener } from './place.ts';
import { type Holder, holderOf, holds } from './procfs.ts';

export class ListenerCheck {
  readonly #place: ListenPlace;
  readonly #pid: number;
  readonly #processes: () => number[];
  /** The process that had the socket open when this was last checked. */
  #holder: Holder | undefined;
  /** The file that the model has made for its Unix socket. */
  #file: Stats | undefined;

  /** @param processes returns the model's processes */
  constructor(place: ListenPlace, pid: number, processes: () => number[]) {
    this.#place = place;
    this.#pid = pid;
    this.#processes = processes;
  }

  /**
   * Resolves with how the model listens at its place.
   * @throws the system's error if that cannot be seen, which does not mean that the model does not listen
   */
  async listening(): Promise<Listening | undefined> {
    return this.#ours(this.#place.listenersIn(await readTables(this.#place.tables(this.#pid))));
  }

  /**
   * Returns true if the peer of a new connection is the model. Called for each connection: while the same process has the same socket
   * open, this is one system call, which takes some microseconds.
   * @param localPort the connection's port at this end, if it has one
   */
  isOurs(localPort: number | undefined): boolean {
    if (this.#holder && holds(this.#holder)) return true;
    try {
      // Another process of the model may have the socket now, or the model may have opened a new one.
      const tables = this.#place.tables(this.#pid).map((table) => readFileSync(table, 'latin1'));
      const listeners = this.#place.listenersIn(tables);
      if (this.#ours(listeners)) return true;
      // The model may have accepted the connection and closed its listening socket.
      const inode = localPort === undefined ? undefined : this.#place.otherEndIn(tables, localPort);
      if (inode !== undefined) return holderOf(this.#processes(), inode) !== undefined;
      return localPort === undefined && listeners.length === 0 && this.#processes().length > 0;
    } catch {
      return false;
    }
  }

  /** Removes the file of the Unix socket. A program that was killed leaves it, and no program could listen there again. */
  removeFile(): void {
    const { detail } = this.#place;
    if (!('path' in detail) || this.#file === undefined) return;
    const now = socketFile(detail.path);
    // Another program may have made a new file there.
    if (now?.dev === this.#file.dev && now.ino === this.#file.ino) rmSync(detail.path, { force: true });
  }

  /** Resolves with the other places where the model listens, for messages. */
  async others(): Promise<readonly string[]> {
    const [unix = '', ...tcp] = await readTables(
      ['unix', 'tcp', 'tcp6'].map((table) => `/proc/${this.#pid}/net/${table}`),
    );
    const processes = this.#processes();
    const ours = allListenersIn(tcp, unix).filter(({ inode }) => holderOf(processes, inode));
    return ours.map(({ name }) => name);
  }

  #ours(listeners: readonly PortListener[]): PortListener | undefined {
    const processes = listeners.length > 0 ? this.#processes() : [];
    for (const listener of listeners) {
      const holder = holderOf(processes, listener.inode);
      if (!holder) continue;
      this.#holder = holder;
      const { detail } = this.#place;
      if ('path' in detail) this.#file = socketFile(detail.path);
      return listener;
    }
    return undefined;
  }
}

/** Reads the kernel's tables. A kernel without IPv6 has no table of it. */
export async function readTables(paths: readonly string[]): Promise<string[]> {
  const reads = paths.map((path) =>
    readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
      if (path.endsWith('tcp6') && error.code === 'ENOENT') return '';
      throw error;
    }),
  );
  return await Promise.all(reads);
}

function socketFile(path: string): Stats | undefined {
  try {
    const file = lstatSync(path);
    return file.isSocket() ? file : undefined;
  } catch {
    return undefined;
  }
}
