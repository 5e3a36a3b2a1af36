// Whether a model listens at its place, and whether it is still the model: another program may take a port in the moment in which
// the model is started anew, and must not be given its messages.
import { lstatSync, readFileSync, rmSync, type Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Listening } from '../runtime.ts';
import { type Holder, holderOf, holds } from './kernel.ts';
import { allListenersIn, type Listener, type Place } from './place.ts';

export class ListenerCheck {
  readonly #place: Place;
  readonly #pid: number;
  readonly #processes: () => number[];
  /** Who had it open when that was last looked up. */
  #holder: Holder | undefined;
  /** Of a Unix socket: the file that it has made. */
  #file: Stats | undefined;

  /** @param processes those of the model */
  constructor(place: Place, pid: number, processes: () => number[]) {
    this.#place = place;
    this.#pid = pid;
    this.#processes = processes;
  }

  /**
   * What the model listens on at its place.
   * @throws the system's error where that cannot be seen, which is no sign that it does not
   */
  async listening(): Promise<Listening | undefined> {
    return this.#ours(this.#place.listenersIn(await readTables(this.#place.tables(this.#pid))));
  }

  /**
   * Whether who was connected to is the model. Asked for each connection: as long as the same process has the same socket open it is
   * one call into the system, some microseconds.
   * @param localPort this end's port, where there are ports
   */
  isOurs(localPort: number | undefined): boolean {
    if (this.#holder && holds(this.#holder)) return true;
    try {
      // Another process of the model's has it, or the model has opened another.
      const tables = this.#place.tables(this.#pid).map((table) => readFileSync(table, 'latin1'));
      const listeners = this.#place.listenersIn(tables);
      if (this.#ours(listeners)) return true;
      // Or it has closed it, with the connection in its hands.
      const inode = localPort === undefined ? undefined : this.#place.otherEndIn(tables, localPort);
      if (inode !== undefined) return holderOf(this.#processes(), inode) !== undefined;
      return localPort === undefined && listeners.length === 0 && this.#processes().length > 0;
    } catch {
      return false;
    }
  }

  /** Removes the file of its Unix socket, which a program that was killed leaves, and which is in the way of its next start. */
  removeFile(): void {
    const { detail } = this.#place;
    if (!('path' in detail) || this.#file === undefined) return;
    const now = socketFile(detail.path);
    // By now it may be another's.
    if (now?.dev === this.#file.dev && now.ino === this.#file.ino) rmSync(detail.path, { force: true });
  }

  /** Where else the model listens, for messages. */
  async others(): Promise<readonly string[]> {
    const [unix = '', ...tcp] = await readTables(
      ['unix', 'tcp', 'tcp6'].map((table) => `/proc/${this.#pid}/net/${table}`),
    );
    const processes = this.#processes();
    const ours = allListenersIn(tcp, unix).filter(({ inode }) => holderOf(processes, inode));
    return ours.map(({ name }) => name);
  }

  #ours(listeners: readonly Listener[]): Listener | undefined {
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

/** A kernel without IPv6 has no table of it. */
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
