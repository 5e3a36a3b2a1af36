// A real NumPy at the other end of a pipe: started by a test, asked, stopped.
// BRIDGE_PYTHON names the Python whose NumPy is 2.x, BRIDGE_PYTHON_1_24 the one of 1.24; `npm test` sets both.

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Descr } from '../../src/core.ts';

export interface SaveRequest {
  readonly descr: Descr;
  readonly shape: readonly number[];
  /** Bytes. */
  readonly strides: readonly number[];
  /** Bytes. */
  readonly offset: number;
  readonly raw: Uint8Array;
}

export interface Loaded {
  readonly descr: Descr;
  readonly shape: number[];
  /** The elements in C order. */
  readonly data: Uint8Array;
}

/** An array as np.load has it from a header in question. */
export interface HeaderAnswer {
  readonly descr: Descr;
  readonly shape: number[];
  /** The first 256 bytes of the data, in C order. */
  readonly head: Uint8Array;
}

type Range = readonly [first: number, last: number];
export interface CodePointRanges {
  readonly unicode: string;
  readonly escaped: readonly Range[];
  readonly unassigned: readonly Range[];
}

/** The Pythons to test against: label and executable, undefined where the machine has none. */
export const pythons: readonly [label: string, python: string | undefined][] = [
  ['NumPy 2.x', process.env['BRIDGE_PYTHON']],
  ['NumPy 1.24', process.env['BRIDGE_PYTHON_1_24']],
];

export class NumpyPeer {
  readonly #child: ChildProcess;
  readonly #lines: Interface;
  readonly #waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];

  constructor(python: string) {
    const script = fileURLToPath(new URL('./peer.py', import.meta.url));
    this.#child = spawn(python, ['-W', 'ignore', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#child.stdout) throw new Error('no pipe');
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#lines.on('line', (line) => this.#waiting.shift()?.resolve(line));
    const failed = (why: string) => () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${python}: ${why}`));
    };
    this.#child.on('error', failed('could not be started'));
    this.#child.on('exit', failed('ended'));
  }

  async #ask(request: object): Promise<Record<string, unknown>> {
    const line = await new Promise<string>((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    const answer = JSON.parse(line) as Record<string, unknown>;
    if (typeof answer['error'] === 'string') throw new Error(answer['error']);
    return answer;
  }

  /** What np.save writes for that array. */
  async save(request: SaveRequest): Promise<Uint8Array> {
    const { file } = await this.#ask({ op: 'save', ...request, raw: Buffer.from(request.raw).toString('hex') });
    return fromHex(file);
  }

  /** What np.load reads. */
  async load(file: Uint8Array): Promise<Loaded> {
    const answer = await this.#ask({ op: 'load', file: Buffer.from(file).toString('hex') });
    return { descr: answer['descr'] as Descr, shape: answer['shape'] as number[], data: fromHex(answer['data']) };
  }

  /** What np.load makes of each file: the array's descr, shape and first bytes in C order, or the error. */
  async headers(files: readonly Uint8Array[]): Promise<(HeaderAnswer | string)[]> {
    const { headers } = await this.#ask({
      op: 'headers',
      files: files.map((file) => Buffer.from(file).toString('hex')),
    });
    return (headers as ([Descr, string[], string] | string)[]).map((answer) =>
      typeof answer === 'string'
        ? answer
        : { descr: answer[0], shape: answer[1].map(Number), head: fromHex(answer[2]) },
    );
  }

  /** `repr()` of strings that are given, as they come back, as code points: JSON cannot carry lone surrogates. */
  async reprs(texts: readonly (readonly number[])[]): Promise<number[][]> {
    return (await this.#ask({ op: 'reprs', texts }))['reprs'] as number[][];
  }

  /** The code points below `stop` that repr() escapes, and those that this Python's Unicode leaves unassigned. */
  async ranges(stop: number): Promise<CodePointRanges> {
    return (await this.#ask({ op: 'ranges', stop })) as unknown as CodePointRanges;
  }

  /** The values of all 65 536 halves, by their bits. */
  async halves(): Promise<Float64Array> {
    return new Float64Array(fromHex((await this.#ask({ op: 'halves' }))['values']).buffer);
  }

  /** The bits of each number as float16. */
  async toHalf(values: Float64Array): Promise<Uint16Array> {
    const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('hex');
    return new Uint16Array(fromHex((await this.#ask({ op: 'to_half', raw }))['raw']).buffer);
  }

  async version(): Promise<string> {
    const { numpy, python } = await this.#ask({ op: 'version' });
    return `NumPy ${numpy} on Python ${python}`;
  }

  stop(): Promise<void> {
    if (this.#child.exitCode !== null) return Promise.resolve();
    const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
    this.#child.stdin?.end();
    return ended;
  }
}

function fromHex(value: unknown): Uint8Array {
  return Uint8Array.from(Buffer.from(String(value), 'hex'));
}
