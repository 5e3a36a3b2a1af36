// NumPy as a contestant: a child process that times itself, asked over a pipe.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Contestant } from '../comparison.ts';

export class NumPy implements AsyncDisposable {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  #failure: Error | undefined;

  /** @param python an executable that can import numpy */
  constructor(python: string) {
    const script = fileURLToPath(new URL('numpy_bench.py', import.meta.url));
    this.#child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'], env: plainEnvironment() });
    this.#child.on('error', (error) => {
      this.#failure = error;
    });
    // A write to a child that ended fails here as well; the missing answer tells it.
    this.#child.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async version(): Promise<string> {
    return String((await this.#ask({ op: 'version' }))['version']);
  }

  /** np.load or np.save of a float32 array of `bytes` bytes, from and to memory. */
  contestant(op: 'load' | 'save', bytes: number): Contestant {
    return {
      name: `np.${op}`,
      run: async (repeats, clock) => Number((await this.#ask({ op, bytes, repeats, clock }))['seconds']),
    };
  }

  async #ask(request: object): Promise<Record<string, unknown>> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) {
      const message = `${this.#child.spawnfile} ended: BRIDGE_PYTHON must name a Python with NumPy`;
      throw new Error(message, { cause: this.#failure });
    }
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.pid === undefined) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** Without what somebody may have set to hold NumPy's libraries back. */
function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OPENBLAS_')));
}
