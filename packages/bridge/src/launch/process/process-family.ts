// The processes that a model consists of: its leader, its session, and their descendants that have left the session for one with an
// environment of its own. The kernel does not tell from which process an orphan descends, so each look remembers the processes that
// it has found.
import { living, type Stat } from './procfs.ts';

export class ProcessFamily {
  readonly #leader: number;
  /** The start of each process, by its number. Those that have ended are included, because their sessions may go on. */
  readonly #known = new Map<number, number>();

  constructor(leader: Pick<Stat, 'pid' | 'startTicks'>) {
    this.#leader = leader.pid;
    this.#known.set(leader.pid, leader.startTicks);
  }

  /**
   * Returns the living processes.
   * @throws the system's error if it has no more descriptors or memory
   */
  look(): Stat[] {
    const all = living();
    // If a number has been given to another process, it says nothing about parents and leaders any more.
    for (const { pid, startTicks } of all)
      if ((this.#known.get(pid) ?? startTicks) !== startTicks) this.#known.delete(pid);
    for (let found = true; found; ) {
      found = false;
      for (const { pid, parent, session, startTicks } of all) {
        if (this.#known.has(pid) || !(this.#known.has(parent) || this.#known.has(session))) continue;
        this.#known.set(pid, startTicks);
        found = true;
      }
    }
    const family = all.filter(({ pid }) => this.#known.has(pid));
    this.#forget(new Set(family.flatMap(({ pid, session }) => [pid, session])));
    return family;
  }

  /** Forgets processes of which nothing is left, because a model may start many during its life. */
  #forget(needed: ReadonlySet<number>): void {
    for (const pid of this.#known.keys()) if (pid !== this.#leader && !needed.has(pid)) this.#known.delete(pid);
  }
}
