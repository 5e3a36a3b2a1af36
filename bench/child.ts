// A child process that does what it is asked, one JSON request a line, one JSON answer a line, and times itself: what is
// between the processes does not count.
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
    // A write to a child that ended fails here as well; the missing answer tells it.
    this.#child.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error when the child has ended */
  async ask(request: object): Promise<Record<string, unknown>> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      const message = `${this.#child.spawnargs.join(' ')} ended: BRIDGE_PYTHON must name a Python with NumPy`;
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

/** Without what somebody may have set to hold NumPy's libraries back. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return without('OPENBLAS_');
}

/** As programs run that nobody measures: with a memory that the system sees come and go. */
export function userEnvironment(): NodeJS.ProcessEnv {
  return without('OPENBLAS_', 'MALLOC_');
}

function without(...prefixes: readonly string[]): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix)));
  return Object.fromEntries(others);
}
