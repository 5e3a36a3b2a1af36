// A child process that works on request: one JSON request a line, one JSON answer a line. It measures its own time, so that the
// pipe between the processes does not count.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export class Child implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  #failure: Error | undefined;

  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv = plainEnvironment()) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
    this.#child.on('error', (error) => {
      this.#failure = error;
    });
    // A write to a child that has ended also fails here. `ask` reports it, because no answer comes.
    this.#child.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error when the child has ended */
  async ask(request: object): Promise<Record<string, unknown>> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      const message = `${this.#child.spawnargs.join(' ')} ended before it answered; its own error is printed above`;
      throw new Error(message, { cause: this.#failure });
    }
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** Returns this process's environment without variables that slow NumPy's libraries down. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return without('OPENBLAS_');
}

/** The environment of a user's program, in which glibc gives freed memory back to the system by its own defaults. */
export function userEnvironment(): NodeJS.ProcessEnv {
  return without('OPENBLAS_', 'MALLOC_');
}

/**
 * The same with a glibc that keeps freed memory of up to 256 MiB. By default chance decides whether a Python host returns the memory
 * of each frame to the system and takes it back for the next one, which can double the time of a frame.
 */
export function keptMemory(): NodeJS.ProcessEnv {
  const bytes = String(2 ** 28);
  return { ...userEnvironment(), MALLOC_TRIM_THRESHOLD_: bytes, MALLOC_MMAP_THRESHOLD_: bytes };
}

function without(...prefixes: readonly string[]): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix)));
  return Object.fromEntries(others);
}
