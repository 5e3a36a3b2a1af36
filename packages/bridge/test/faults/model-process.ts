// Runs a model in a child process until the test ends it. The tests observe it by its log, its exit code and the kernel's tables,
// and never by a connection to its port, which would disturb it.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { listening } from '@bridge/transport/machine';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { cpuTicks } from './kernel.ts';

/** `post`: the server as it was first published. `closing`: a later version by its author. */
export type Variant = 'post' | 'closing';
export const VARIANTS: readonly Variant[] = ['post', 'closing'];

/** The lines that the server prints: before each accept, with a whole message in hand, and before it sends its reply. */
const LINES = { waiting: 'waiting for', received: 'All data received', replying: 'Sending data' } as const;
/**
 * A model counts as spinning if it uses a third of a second of processor time and prints nothing. On a busy machine that takes
 * longer.
 */
const SPIN_TICKS = 33;
const LOOK_MS = 50;
const SPIN_LOOKS = 200;

export class ModelProcess implements AsyncDisposable {
  readonly port: number;
  readonly target: string;
  readonly child: ChildProcess;
  /** Resolves when the process has ended, with its exit code or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The process's standard error, which has a traceback if it died of an exception. */
  lastWords = '';
  readonly #said = { waiting: 0, received: 0, replying: 0 };
  readonly #watchers = new Set<() => void>();
  #rest = '';
  #over = false;

  private constructor(port: number, child: ChildProcess) {
    this.port = port;
    this.target = `tcp://127.0.0.1:${port}`;
    this.child = child;
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.#over = true;
        resolve(code ?? signal ?? 0);
        this.#changed();
      });
    });
    child.stdout?.on('data', (chunk) => this.#read(String(chunk)));
    child.stderr?.on('data', (chunk) => {
      this.lastWords += chunk;
    });
  }

  /**
   * Starts a model and resolves when it has printed that it waits. With `quiet` its output is discarded, which costs less, and this
   * waits until its port listens.
   * @throws Error when it ends before
   */
  static async start(
    python: string,
    variant: Variant,
    { port, quiet = false }: { readonly port?: number; readonly quiet?: boolean } = {},
  ): Promise<ModelProcess> {
    const chosen = port ?? (await freePort());
    const script = fileURLToPath(new URL(`./models/${variant}.py`, import.meta.url));
    const env = { ...process.env, HOST: '127.0.0.1', PORT: String(chosen) };
    const child = spawn(python, ['-uB', script], { env, stdio: ['ignore', quiet ? 'ignore' : 'pipe', 'pipe'] });
    const model = new ModelProcess(chosen, child);
    if (!quiet) await model.until(() => model.said('waiting') > 0);
    else while (model.alive && !(await listening({ host: '127.0.0.1', port: chosen }))) await pause(20);
    if (!model.alive) throw new Error(`the model ended: ${model.lastWords}`);
    return model;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get alive(): boolean {
    return !this.#over && this.child.exitCode === null && this.child.signalCode === null;
  }

  /**
   * Returns how many times the model has printed a line. It prints `waiting` before each accept, so it has accepted one connection
   * fewer than that.
   */
  said(what: keyof typeof LINES): number {
    return this.#said[what];
  }

  /** @throws Error when it ends before */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) {
      if (this.#over) throw new Error(`the model ended: ${this.lastWords}`);
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }

  /** Resolves with whether the model uses the processor and prints nothing, as it does after half a message. */
  async spins(): Promise<boolean> {
    const [ticks, words] = [cpuTicks(this.pid), this.said('received')];
    for (let looks = 0; looks < SPIN_LOOKS && this.alive && this.said('received') === words; looks++) {
      if (cpuTicks(this.pid) - ticks >= SPIN_TICKS) return true;
      await pause(LOOK_MS);
    }
    return false;
  }

  /** Stops the process until resume(). The kernel still accepts connections and bytes for it. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  resume(): void {
    this.child.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    if (this.alive) this.child.kill('SIGKILL');
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #read(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      for (const [what, words] of Object.entries(LINES)) {
        if (line.startsWith(words)) this.#said[what as keyof typeof LINES]++;
      }
    }
    this.#changed();
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
