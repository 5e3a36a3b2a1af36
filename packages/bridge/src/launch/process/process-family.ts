// The processes of a model: its leader, the leader's session, and descendants that have left the session. The kernel does not tell from
// which process an orphan descends, so each look remembers the processes that it has found. A descendant is found even if it runs with
// another environment, without the variable that marks the launch.
import { living, type Stat } from './procfs.ts';

export class ProcessFamily {
  readonly #leader: number;
  /** The start time of each process, by its number. Those that have ended are kept while their sessions go on. */
  readonly #known = new Map<number, number>();

  constructor(leader: Pick<Stat, 'pid' | 'startTicks'>) {
    this.#leader = leader.pid;
    this.#known.set(leader.pid, leader.startTicks);
  }

  /**
   * Finds the model's processes, and returns those that are running.
   * @throws the system's error if it has no more descriptors or memory
   */
  look(): Stat[] {
    const all = living();
    // If a number now belongs to another process, it says nothing about parents and sessions any more.
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

  /** Forgets processes that no living process descends from, because a model may start many during its life. */
  #forget(needed: ReadonlySet<number>): void {
    for (const pid of this.#known.keys()) if (pid !== this.#leader && !needed.has(pid)) this.#known.delete(pid);
  }
}
