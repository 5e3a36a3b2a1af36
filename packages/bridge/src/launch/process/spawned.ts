// An instance of a model that runs as a process of this machine.
import type { ChildProcess } from 'node:child_process';
import type { BridgeError } from '../../errors/bridge-error.ts';
import { atMost } from '../../platform/at-most.ts';
import { startTicks } from '../leftovers/launch-name.ts';
import type { Ending, Instance, Listening, LogSink, Route, RouteOptions, Usage } from '../runtime.ts';
import { endAll, signalGroup } from './end.ts';
import { ListenerCheck } from './listener-check.ts';
import type { ListenPlace } from './place.ts';
import { placeKept, placeTaken, saysInUse } from './place-conflict.ts';
import { ProcessFamily } from './process-family.ts';
import type { ProcessOutput } from './process-output.ts';
import { isHolder, living, memoryKills, socketAt, usageOf } from './procfs.ts';

/** The limit for the rest of the output of a model that has ended. A process that it left behind may still hold the stream open. */
const OUTPUT_MS = 200;

export interface SpawnedParts {
  readonly child: ChildProcess;
  readonly output: ProcessOutput;
  readonly pid: number;
  readonly place: ListenPlace;
  readonly log: LogSink;
  /** Returns the processes that carry the mark of this launch and replica, in any session. */
  readonly marked: () => number[];
  /** Called if the model died because the kernel keeps its place, although nothing listens there. */
  readonly onKept: () => void;
}

export class Spawned implements Instance {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** Resolves when no process of the model is left. */
  readonly gone: Promise<void>;
  readonly #parts: SpawnedParts;
  readonly #family: ProcessFamily;
  readonly #listenerCheck: ListenerCheck;
  /** The sockets to which the model writes its output. */
  readonly #outputs: readonly string[];
  readonly #startTicks: number;
  #memoryKills = memoryKills();
  #memoryBytes: number | undefined;
  #over = false;
  #setGone!: () => void;
  #stopping: Promise<void> | undefined;

  constructor(parts: SpawnedParts) {
    const { child, output, pid, place } = parts;
    this.name = `process ${pid}`;
    this.pid = pid;
    this.#parts = parts;
    this.#startTicks = startTicks(pid) ?? 0;
    this.#family = new ProcessFamily({ pid, startTicks: this.#startTicks });
    this.#listenerCheck = new ListenerCheck(place, pid, () => this.#processes());
    this.#outputs = [1, 2].flatMap((fd) => socketAt(pid, fd) ?? []);
    this.gone = new Promise((resolve) => {
      this.#setGone = resolve;
    });
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#over = true;
        const ending = this.#ending(code, signal);
        void atMost(output.ended, OUTPUT_MS).then(() => resolve(ending));
      });
    });
    this.#keepsAlive(false);
  }

  async listening(): Promise<Listening | undefined> {
    if (this.#over) return undefined;
    return await this.#listenerCheck.listening();
  }

  async portTaken(lastWords: readonly string[]): Promise<BridgeError | undefined> {
    const { place, onKept } = this.#parts;
    try {
      const taken = await placeTaken(place, this.#processes());
      if (taken || !saysInUse(lastWords)) return taken;
      const kept = await placeKept(place);
      if (kept) onKept();
      return kept;
    } catch {
      return undefined;
    }
  }

  async listensElsewhere(): Promise<readonly string[]> {
    return await this.#listenerCheck.others().catch(() => []);
  }

  async route(listening: Listening, { dialect, limits, shared }: RouteOptions): Promise<Route> {
    const isPeer = (localPort: number | undefined): boolean => this.#listenerCheck.isOurs(localPort);
    const replica = this.#parts.place.replica(listening, { dialect, limits, shared, isPeer });
    return { ...replica, how: `${replica.target}, since it listens on ${listening.address}` };
  }

  async usage(): Promise<Usage | undefined> {
    const usage = usageOf(this.#family.look());
    this.#memoryBytes = usage?.memoryBytes ?? this.#memoryBytes;
    this.#memoryKills = memoryKills();
    return usage;
  }

  stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    const { marked, log } = this.#parts;
    this.#keepsAlive(true);
    this.#remember();
    if (!this.#over && graceMs > 0) {
      signalGroup(this.pid, 'SIGTERM');
      await atMost(this.ended, graceMs);
    }
    this.#remember();
    // Until the exit is reported, the number belongs to this process, so it can be killed without a look at /proc.
    if (!this.#over) signalGroup(this.pid, 'SIGKILL');
    const problem =
      (await endAll([this.pid], () => [...new Set([...this.#processes(), ...marked()])])) ??
      (await this.#endOutputHolders());
    if (problem !== undefined) log.note(`${this.name} was ended, but some of its processes were not: ${problem}`);
    await this.ended;
    this.#listenerCheck.removeFile();
    this.#setGone();
  }

  /** Remembers the members of the family while the processes that lead to them are running. */
  #remember(): void {
    try {
      this.#family.look();
    } catch {
      // The processes are ended even if they cannot be seen now.
    }
  }

  /** @throws the system's error when it has no more descriptors or memory */
  #processes(): number[] {
    return this.#family.look().map(({ pid }) => pid);
  }

  /** Ends processes that still have the model's output open. If they were started after the model, they come from it. */
  async #endOutputHolders(): Promise<string | undefined> {
    let isOpen = true;
    const closed = this.#parts.output.ended.then(() => {
      isOpen = false;
    });
    await atMost(closed, OUTPUT_MS);
    return isOpen ? await endAll([], () => this.#holdsOutput()) : undefined;
  }

  #holdsOutput(): number[] {
    const later = living().filter(({ pid, startTicks }) => pid !== process.pid && startTicks >= this.#startTicks);
    return later.flatMap(({ pid }) => (this.#outputs.some((inode) => isHolder(pid, inode)) ? [pid] : []));
  }

  /** Sets whether the model keeps its host running. It does so only while the host waits for its end. */
  #keepsAlive(alive: boolean): void {
    this.#parts.child[alive ? 'ref' : 'unref']();
    this.#parts.output.keepsAlive(alive);
  }

  #ending(code: number | null, signal: string | null): Ending {
    if (signal === null) return { how: 'exited', code: code ?? -1 };
    const kills = memoryKills();
    const forMemory = signal === 'SIGKILL' && !this.#stopping && kills !== undefined && kills !== this.#memoryKills;
    return forMemory ? { how: 'out of memory', memoryBytes: this.#memoryBytes } : { how: 'killed', signal };
  }
}
