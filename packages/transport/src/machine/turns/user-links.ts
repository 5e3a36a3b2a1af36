// Turns as links in a folder that only one user can enter.
//
//   npbridge-turns-1000/tcp:loopback:6000:0/17 ─▶ ../4711.2k8v0zq1a5c     the 17th holder of the turn: process 4711
//   npbridge-turns-1000/4711.2k8v0zq1a5c                                  the socket on which it hears of others
//
// The contender that makes the next link has the turn: the system lets only one make it. Link 18 may be made once the socket behind
// link 17 is gone (its process let go of the turn, and closed it) or refuses (its process was killed: sockets are the kernel's, files
// are not); or when its owner has said so. A socket listens before a link leads to it, so a refusal is a proof.
//
// The highest link is never removed: a contender that comes late with an old number finds a higher one and stands back. One link and one
// folder stay for each name.
import { mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import type { Contender } from './contender.ts';
import { plainName } from './plain-name.ts';
import { removeStaleSockets } from './stale-sockets.ts';
import { turnFolder } from './turn-folder.ts';
import type { NameHolder, TurnName } from './turn-name.ts';
import { type TurnSocket, turnError } from './turn-socket.ts';

/** At the first turn of a name, and at every so many turns, stale sockets are removed. */
const SWEEP_EVERY = 256;

export class UserLinks implements TurnName {
  readonly isFreedFirst = false;
  readonly #folder: string;
  readonly #links: string;

  /** @throws TransportError TRANSPORT_ADDRESS */
  constructor(name: string) {
    this.#folder = turnFolder();
    this.#links = `${this.#folder}/${plainName(name)}`;
  }

  pathOf(id: string): string {
    return `${this.#folder}/${id}`;
  }

  async take(own: Contender, gone: string | undefined): Promise<TurnSocket | NameHolder> {
    for (;;) {
      const last = this.#system(() => this.#numbers().pop()) ?? 0;
      const holder = this.#system(() => this.#holderAt(last));
      if (holder && holder.path !== gone) return holder;
      // The socket listens before a link leads to it.
      const station = await own.stationAtFile();
      if (!this.#system(() => this.#link(last + 1, own.id))) continue;
      if (last % SWEEP_EVERY === 0) void removeStaleSockets(this.#folder);
      return station;
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

  /** Returns the holder behind a link; undefined if there is no link, or its socket is gone. */
  #holderAt(number: number): NameHolder | undefined {
    if (number === 0) return undefined;
    const path = this.#targetOf(number);
    if (!path || !statSync(path, { throwIfNoEntry: false })) return undefined;
    return { path, pid: Number.parseInt(path.slice(this.#folder.length + 1), 10) };
  }

  #targetOf(number: number): string | undefined {
    try {
      return this.pathOf(readlinkSync(`${this.#links}/${number}`).slice('../'.length));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Makes a link to our socket. Returns false if another contender was faster. */
  #link(number: number, own: string): boolean {
    const link = `${this.#links}/${number}`;
    try {
      symlinkSync(`../${own}`, link);
    } catch (error) {
      // Another contender has made it, or the folder was removed.
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
      // A holder that let go of the turn has removed its socket.
      if (socket && statSync(socket, { throwIfNoEntry: false })) remove(socket);
    }
    return true;
  }

  #system<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw turnError(this.#links, error);
    }
  }
}

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
