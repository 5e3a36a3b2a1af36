// A test starts a Python process, sends it one JSON line at a time, and stops it. BRIDGE_PYTHON names the Python with NumPy 2.x,
// BRIDGE_PYTHON_1_24 the one with NumPy 1.24; `npm test` sets both.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The Pythons to test against: the label, and the path of the executable, or undefined if the machine has none. */
export const pythons: readonly [label: string, python: string | undefined][] = [
  ['NumPy 2.x', process.env['BRIDGE_PYTHON']],
  ['NumPy 1.24', process.env['BRIDGE_PYTHON_1_24']],
];

export class PythonPipe {
  readonly #child: ChildProcess;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  /** @param script reads one request a line and answers each in one line; an answer with the key `error` reports a failure */
  constructor(python: string, script: URL) {
    this.#child = spawn(python, ['-B', '-W', 'ignore', fileURLToPath(script)], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no pipe');
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#waiting.shift()?.resolve(line));
    const failed = (why: string) => () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${python}: ${why}`));
    };
    this.#child.on('error', failed('could not be started'));
    this.#child.on('exit', failed('ended'));
  }

  async ask(request: object): Promise<Record<string, unknown>> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as Record<string, unknown>;
    if (typeof answer['error'] === 'string') throw new Error(answer['error']);
    return answer;
  }

  stop(): Promise<void> {
    if (this.#child.exitCode !== null) return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin?.end();
    return ended;
  }
}

/** Returns bytes as a line of JSON carries them. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export function fromHex(hex: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(hex), 'hex'));
}
