// A real Python process that makes, saves and loads arrays of objects.
import { pythons as found, fromHex, PythonPipe, toHex } from '../numpy/python-pipe.ts';
import type { Meaning } from './meaning.ts';

/** The Pythons to test against, and how their np.save writes. */
export const pythons = found.map(([label, python], i) =>
  i === 0
    ? ({ label, python, protocol: 4, numpyCore: 'numpy._core' } as const)
    : ({ label, python, protocol: 3, numpyCore: 'numpy.core' } as const),
);

/** A file, and the meaning of the array in it. */
export interface Case {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly value: Meaning;
}

/** A file of NumPy's own tests. */
export interface DataFile {
  readonly name: string;
  readonly file: Uint8Array;
  readonly values: Readonly<Record<'ascii' | 'latin1' | 'bytes', Meaning | string>>;
}

export class ObjectPeer {
  readonly #pipe: PythonPipe;

  constructor(python: string) {
    this.#pipe = new PythonPipe(python, new URL('./pickle-peer.py', import.meta.url));
  }

  /** Returns arrays of random objects, as np.save writes them, or as pickles of a protocol. */
  async random(seed: number, count: number, protocol: number | null): Promise<Case[]> {
    const { cases } = await this.#pipe.ask({ op: 'random', seed, count, protocol });
    return (cases as { header: string; body: string; value: Meaning }[]).map(({ header, body, value }) => ({
      header: fromHex(header),
      body: fromHex(body),
      value,
    }));
  }

  /** Returns the file that np.save writes for the value of a Python expression. */
  async save(source: string): Promise<Uint8Array> {
    const { header, body } = await this.#pipe.ask({ op: 'save', source });
    return Buffer.concat([fromHex(header), fromHex(body)]);
  }

  /** Returns what np.load reads from the data behind each header, or its error. */
  async load(bodies: readonly Uint8Array[]): Promise<(Meaning | string)[]> {
    return (await this.#pipe.ask({ op: 'load', bodies: bodies.map(toHex) }))['values'] as (Meaning | string)[];
  }

  /** Returns whether the two items of each array are one key of a dict. */
  async equal(bodies: readonly Uint8Array[]): Promise<boolean[]> {
    return (await this.#pipe.ask({ op: 'equal', bodies: bodies.map(toHex) }))['values'] as boolean[];
  }

  /** Returns the meaning of what Python's unpickler reads from each pickle, or its error. The pickles may be damaged. */
  async read(bodies: readonly Uint8Array[]): Promise<(Meaning | string)[]> {
    return (await this.#pipe.ask({ op: 'read', bodies: bodies.map(toHex) }))['values'] as (Meaning | string)[];
  }

  /** Returns the data files of NumPy's own tests, and the meaning of what np.load reads from each with `encoding`, or its error. */
  async data(): Promise<DataFile[]> {
    const { files } = await this.#pipe.ask({ op: 'data' });
    return (files as (Omit<DataFile, 'file'> & { file: string })[]).map((one) => ({ ...one, file: fromHex(one.file) }));
  }

  stop(): Promise<void> {
    return this.#pipe.stop();
  }
}
