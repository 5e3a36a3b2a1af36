// Several host processes perform random operations on one model; some are killed with SIGKILL, and others take their place. The
// model has to survive, and every operation of a host that was not killed has to have one of its allowed outcomes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { HostLine, HostPlan } from './host.ts';
import { countsDrops, droppedAt, isConnectedTo } from './kernel.ts';
import { ModelProcess, type Variant } from './model-process.ts';
import { Random } from './random.ts';
import { serves } from './raw-client.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

export interface InterleavingOptions {
  readonly python: string;
  readonly variant: Variant;
  readonly seed: number;
  /** The number of operations after which the run ends. */
  readonly operations: number;
  /** The number of host processes that run at the same time. */
  readonly hosts: number;
  /** The number of hosts that are killed among each ten in a row. A host that is to be killed does not end by itself. */
  readonly killsInTen: number;
  /** Starts a relay between the hosts and the model, and resolves with its address. With a relay hosts are killed at any moment. */
  readonly relayed?: (model: ModelProcess) => Promise<AsyncDisposable & { readonly target: string }>;
}

export interface InterleavingReport {
  readonly operations: number;
  /** The number of times that each operation had each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly hosts: number;
  readonly killed: number;
  /** The number of operations that were under way in killed hosts. */
  readonly killedWithHost: number;
  /** The number of messages that the model has received whole. */
  readonly messages: number;
  /** The faults of the run: a missing answer, a wrong reply, a wrong code, a host that failed. The list must be empty. */
  readonly wrong: readonly string[];
  readonly modelAlive: boolean;
  /** The connections that the kernel dropped at the model's port. Undefined if the machine cannot count them. */
  readonly drops: number | undefined;
}

/** A host is killed after it has finished at most so many operations, and at most so many milliseconds later. */
const LATEST_KILL = { operations: 20, ms: 50 };
/** The number of operations of a host that runs until it is killed. */
const ENDLESS = Number.MAX_SAFE_INTEGER;

export async function interleave(options: InterleavingOptions): Promise<InterleavingReport> {
  const { python, variant, seed } = options;
  await using model = await ModelProcess.start(python, variant);
  const { pid } = model;
  await using relay = await options.relayed?.(model);
  const run = new Run(options, model, relay?.target ?? model.target);
  const stalling = stallNowAndThen(model, new Random(seed, 1));
  await Promise.all(Array.from({ length: options.hosts }, () => run.seat()));
  await stalling.end();
  const modelAlive = model.alive && model.pid === pid && (await serves(model.port, { id: -1 }, 30_000));
  return {
    ...run.account,
    operations: run.over,
    messages: model.said('received'),
    modelAlive,
    drops: countsDrops && model.alive ? droppedAt(model.port) : undefined,
  };
}

class Run {
  readonly account = {
    outcomes: {} as Record<string, number>,
    hosts: 0,
    killed: 0,
    killedWithHost: 0,
    wrong: [] as string[],
  };
  over = 0;
  readonly #options: InterleavingOptions;
  readonly #model: ModelProcess;
  readonly #target: string;
  readonly #random: Random;

  constructor(options: InterleavingOptions, model: ModelProcess, target: string) {
    this.#options = options;
    this.#model = model;
    this.#target = target;
    this.#random = new Random(options.seed, 0);
  }

  /** Runs one host after the other until the run has enough operations. */
  async seat(): Promise<void> {
    while (this.over < this.#options.operations && this.#model.alive && this.account.wrong.length === 0) {
      await this.#host();
    }
  }

  async #host(): Promise<void> {
    const { seed, operations, killsInTen } = this.#options;
    const random = this.#random;
    const host = ++this.account.hosts;
    const isDoomed = Math.floor((host * killsInTen) / 10) > Math.floor(((host - 1) * killsInTen) / 10);
    const left = operations - this.over;
    const plan: HostPlan = {
      target: this.#target,
      seed,
      host,
      inFlight: random.chance(0.5) ? 2 : 1,
      operations: isDoomed ? ENDLESS : Math.min(random.int(50, 300), left),
      callers: random.int(1, 6),
    };
    const child = spawn(process.execPath, ['--conditions=@bridge/source', HOST, JSON.stringify(plan)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = once(child, 'close');
    const lines = createInterface({ input: child.stdout });
    const open = new Map<number, string>();
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    let untilDue = isDoomed ? random.int(1, LATEST_KILL.operations) : ENDLESS;
    const isDue = Promise.withResolvers<void>();
    lines.on('line', (line) => {
      const told: HostLine = JSON.parse(line);
      this.#take(host, told, open);
      if ('over' in told && --untilDue === 0) isDue.resolve();
    });
    let killed = false;
    if (isDoomed) {
      await Promise.race([isDue.promise, ended]);
      await pause(random.int(0, LATEST_KILL.ms));
      killed = await this.#kill(child);
    }
    const [code, signal] = await ended;
    if (killed) {
      this.account.killed++;
      this.account.killedWithHost += open.size;
    } else {
      if (code !== 0) this.account.wrong.push(`host ${host} ended with ${code ?? signal}: ${said.slice(-500)}`);
      for (const [at, what] of open) this.account.wrong.push(`host ${host}: no answer to ${what} ${at}`);
    }
  }

  #take(host: number, line: HostLine, open: Map<number, string>): void {
    if ('begun' in line) {
      open.set(line.begun, line.what);
      return;
    }
    const what = open.get(line.over);
    open.delete(line.over);
    this.over++;
    if ('wrong' in line) this.account.wrong.push(`host ${host}: ${line.wrong}`);
    else {
      const key = `${what}: ${line.outcome}`;
      this.account.outcomes[key] = (this.account.outcomes[key] ?? 0) + 1;
    }
  }

  /**
   * Kills a host. If it calls the model without a relay, it is stopped first, and killed in a moment in which it has no connection
   * to the model: no host can prevent the damage of a kill in another moment. relayed.interop.test.ts shows that damage.
   */
  async #kill(child: ChildProcess): Promise<boolean> {
    const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
    if (this.#options.relayed) return !gone() && child.kill('SIGKILL');
    while (!gone()) {
      child.kill('SIGSTOP');
      while (!gone() && !isStopped(child.pid ?? 0)) await new Promise(setImmediate);
      if (!gone() && !isConnectedTo(this.#model.port, child.pid ?? 0)) {
        child.kill('SIGKILL');
        return true;
      }
      child.kill('SIGCONT');
      await pause(this.#random.int(1, 10));
    }
    return false;
  }
}

function isStopped(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  } catch {
    return false;
  }
}

/** Stops the model's process for some milliseconds now and then, so that it reads and answers slowly. */
function stallNowAndThen(model: ModelProcess, random: Random): { end(): Promise<void> } {
  let over = false;
  const running = (async () => {
    while (!over && model.alive) {
      await pause(random.int(50, 400));
      model.pause();
      await pause(random.int(1, 60));
      model.resume();
    }
  })();
  return {
    async end() {
      over = true;
      await running;
    },
  };
}
