// NumPy as a contestant: a child process that works on requests over a pipe and measures its own time.
import { fileURLToPath } from 'node:url';
import { Child } from '../child.ts';
import type { Contestant } from '../comparison.ts';

export class NumPy implements AsyncDisposable {
  readonly #child: Child;

  /** @param python an executable that can import numpy */
  constructor(python: string) {
    this.#child = new Child(python, [fileURLToPath(new URL('numpy_bench.py', import.meta.url))]);
  }

  async version(): Promise<string> {
    return String((await this.#child.ask({ op: 'version' }))['version']);
  }

  /** Makes a contestant that runs np.load or np.save on a float32 array of `bytes` bytes, from or to memory. */
  contestant(op: 'load' | 'save', bytes: number): Contestant {
    return {
      name: `np.${op}`,
      run: async (repeats, clock) => Number((await this.#child.ask({ op, bytes, repeats, clock }))['seconds']),
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#child[Symbol.asyncDispose]();
  }
}
