// One model that runs as a process of this machine.
import type { ChildProcess } from 'node:child_process';
import { listenersOf } from '@bridge/transport/turns';
import type { BridgeError } from '../../errors.ts';
import { replicaAt } from '../../replica-at.ts';
import { atMost } from '../pause.ts';
import type { Ending, Instance, Listening, Route, RouteOptions, Usage } from '../runtime.ts';
import { haveSocket, memoryKills, processesOf, usageOf } from './kernel.ts';
import type { Output } from './output.ts';
import { portTaken } from './port.ts';

/** How long a model's output is waited for when it has ended: a process that it left behind may hold its ends. */
const OUTPUT_MS = 200;
const LOOK_MS = 5;
/** How long the kernel may take to end what was killed: a process that writes a core, or waits for a disk. */
const ENDING_MS = 2000;

export class Spawned implements Instance {
  readonly name: string;
  readonly pid: number;
  readonly ended: Promise<Ending>;
  /** When nothing is left of it. */
  readonly gone: Promise<void>;
  readonly #child: ChildProcess;
  readonly #output: Output;
  readonly #port: number;
  /** Those of its processes that have left its session, too. */
  readonly #marked: () => number[];
  #memoryKills = memoryKills();
  #memoryBytes: number | undefined;
  #over = false;
  #setGone!: () => void;
  #stopping: Promise<void> | undefined;

  constructor(child: ChildProcess, output: Output, pid: number, port: number, marked: () => number[]) {
    this.name = `process ${pid}`;
    this.pid = pid;
    this.#child = child;
    this.#output = output;
    this.#port = port;
    this.#marked = marked;
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
    try {
      const listeners = await listenersOf(this.#port, this.pid);
      // A stranger's listener is not a sign of this model.
      const ours = listeners.length > 0 ? this.#ours() : [];
      return listeners.find(({ inode }) => haveSocket(ours, inode));
    } catch {
      return undefined;
    }
  }

  async portTaken(): Promise<BridgeError | undefined> {
    try {
      return await portTaken(this.#port, this.#ours());
    } catch {
      return undefined;
    }
  }

  async route({ on, address }: Listening, { dialect, limits, shared }: RouteOptions): Promise<Route> {
    const loopback = address === '::' ? '::1' : '127.0.0.1';
    const at = { kind: 'tcp', host: on === 'any' ? loopback : address, port: this.#port } as const;
    const replica = replicaAt(at, dialect, { ...(limits && { limits }), shared });
    return { ...replica, how: `${replica.target}, since it listens on ${address}` };
  }

  async usage(): Promise<Usage | undefined> {
    const usage = usageOf(this.pid);
    this.#memoryBytes = usage?.memoryBytes ?? this.#memoryBytes;
    this.#memoryKills = memoryKills();
    return usage;
  }

  stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#keepsAlive(true);
    if (!this.#over && graceMs > 0) {
      signalGroup(this.pid, 'SIGTERM');
      await atMost(this.ended, graceMs);
    }
    await endAll([this.pid], this.#marked);
    await this.ended;
    this.#setGone();
  }

  #ours(): number[] {
    return [...new Set([this.pid, ...processesOf(this.pid)])];
  }

  /** Whether its host is kept from ending by it: only while its end is waited for. */
  #keepsAlive(alive: boolean): void {
    this.#child[alive ? 'ref' : 'unref']();
    this.#output.keepsAlive(alive);
  }

  #ending(code: number | null, signal: string | null): Ending {
    if (signal === null) return { how: 'exited', code: code ?? -1 };
    const kills = memoryKills();
    const forMemory = signal === 'SIGKILL' && !this.#stopping && kills !== undefined && kills !== this.#memoryKills;
    return forMemory ? { how: 'out of memory', memoryBytes: this.#memoryBytes } : { how: 'killed', signal };
  }
}

/** Ends sessions by force, and those who have left them; when none of them is left. */
export async function endAll(leaders: readonly number[], marked: () => number[]): Promise<void> {
  const until = performance.now() + ENDING_MS;
  for (;;) {
    const left = [...new Set([...leaders.flatMap((leader) => processesOf(leader)), ...marked()])];
    if (left.length === 0 || performance.now() > until) return;
    for (const leader of leaders) if (processesOf(leader).length > 0) signalGroup(leader, 'SIGKILL');
    for (const pid of left) signal(pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  signal(-leader, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}
