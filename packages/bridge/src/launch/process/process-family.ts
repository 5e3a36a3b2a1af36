// The processes that a model is: its leader, its session, and those that descend from them and have left it, with a session and an
// environment of their own. Whoever is left by his parents descends from nobody any more, as far as the kernel tells: so they
// are remembered, each time that somebody looks.
import { living, type Stat } from './kernel.ts';

export class ProcessFamily {
  readonly #leader: number;
  /** When each was started, by its number. Also those that have ended: their sessions may go on. */
  readonly #known = new Map<number, number>();

  constructor(leader: Pick<Stat, 'pid' | 'startTicks'>) {
    this.#leader = leader.pid;
    this.#known.set(leader.pid, leader.startTicks);
  }

  /**
   * Those that live.
   * @throws the system's error when it has no more descriptors or memory
   */
  look(): Stat[] {
    const all = living();
    // A number that is another's by now says nothing of whose parent or leader he is.
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
    const kin = all.filter(({ pid }) => this.#known.has(pid));
    this.#forget(new Set(kin.flatMap(({ pid, session }) => [pid, session])));
    return kin;
  }

  /** Those of whom nothing is left: a model may start many in its life. */
  #forget(needed: ReadonlySet<number>): void {
    for (const pid of this.#known.keys()) if (pid !== this.#leader && !needed.has(pid)) this.#known.delete(pid);
  }
}
