// Turns by symbolic links in a folder that only one user can enter.
//
//   npbridge-turns-1000/tcp:loopback:6000:0/17 ─▶ ../4711.2k8v0zq1a5c     the 17th holder of the turn: process 4711
//   npbridge-turns-1000/4711.2k8v0zq1a5c                                  its socket, to which other contenders connect
//
// The contender that makes the next link has the turn: the system lets only one contender make it. Link 18 may be made in three cases: the
// socket file behind link 17 is gone, because its process has released the turn; or the socket refuses connections, because its process was
// killed, and only the file is left; or its owner has handed the turn over by a line. A socket listens before a link leads to it, so a
// refused connection proves that its process has closed it or ended.
//
// The highest link is never removed: a contender that is about to make a link with an old number finds a higher one, and removes its own.
// So one link and one folder stay for each name.
import { mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Contender } from './contender.ts';
import { pathPart } from './path-part.ts';
import { removeStaleSocketFiles } from './stale-socket-files.ts';
import { turnFolder } from './turn-folder.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { type TurnSocket, turnError } from './turn-socket.ts';

/** Stale sockets are removed when a name is taken for the first time, and after each SWEEP_EVERY turns. */
const SWEEP_EVERY = 256;

export class UserLinks implements TurnName {
  readonly isFreedFirst = false;
  readonly #folder: string;
  readonly #links: string;

  /** @throws TransportError TRANSPORT_ADDRESS */
  constructor(name: string) {
    this.#folder = turnFolder();
    this.#links = `${this.#folder}/${pathPart(name)}`;
  }

  pathOf(id: string): string {
    return `${this.#folder}/${id}`;
  }

  async take(own: Contender, gone: string | undefined): Promise<TurnSocket | NameHolder> {
    for (;;) {
      const last = this.#system(() => this.#numbers().pop()) ?? 0;
      const holder = this.#system(() => this.#holderAt(last));
      if (holder && holder.path !== gone) return holder;
      // The socket has to listen before a link leads to it.
      const turnSocket = await own.socketAtFile();
      if (!this.#system(() => this.#link(last + 1, own.id))) continue;
      if (last % SWEEP_EVERY === 0) void removeStaleSocketFiles(this.#folder);
      return turnSocket;
    }
  }

  /** Returns the links' numbers in ascending order. */
  #numbers(): number[] {
    try {
      return readdirSync(this.#links)
        .filter((entry) => /^[1-9][0-9]*$/.test(entry))
        .map(Number)
        .sort((a, b) => a - b);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      mkdirSync(this.#links, { mode: 0o700, recursive: true });
      return [];
    }
  }

  /** Returns the holder behind a link; undefined if there is no link, or its socket file is gone. */
  #holderAt(number: number): NameHolder | undefined {
    if (number === 0) return undefined;
    const path = this.#targetOf(number);
    if (!path || !statSync(path, { throwIfNoEntry: false })) return undefined;
    return { path, pid: Number.parseInt(path.slice(this.#folder.length + 1), 10) };
  }

  /** Returns the path of the socket behind a link; undefined if there is no link. */
  #targetOf(number: number): string | undefined {
    try {
      return this.pathOf(readlinkSync(`${this.#links}/${number}`).slice('../'.length));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes a link to this contender's socket, and removes the older links. Returns false if another contender was faster. */
  #link(number: number, own: string): boolean {
    const link = `${this.#links}/${number}`;
    try {
      symlinkSync(`../${own}`, link);
    } catch (error) {
      // Another contender has made the link, or the folder was removed.
      if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return false;
      throw error;
    }
    const numbers = this.#numbers();
    if (numbers.at(-1) !== number) {
      remove(link);
      return false;
    }
    for (const old of numbers.slice(0, -1)) {
      const socket = this.#targetOf(old);
      remove(`${this.#links}/${old}`);
      // A holder that has released the turn has removed its socket file. That of a killed holder is removed here.
      if (socket && statSync(socket, { throwIfNoEntry: false })) remove(socket);
    }
    return true;
  }

  /** Calls `run`. An error of the system becomes TRANSPORT_ADDRESS. */
  #system<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw turnError(this.#links, error);
    }
  }
}

/** Removes a file, if it exists. */
function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
