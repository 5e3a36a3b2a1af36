// A real NumPy runs in a separate process and answers requests over a pipe.
import type { Descr } from '../../src/core.ts';
import { fromHex, PythonPipe, toHex } from './python-pipe.ts';

export { pythons } from './python-pipe.ts';

export interface SaveRequest {
  readonly descr: Descr;
  readonly shape: readonly number[];
  /** In bytes. */
  readonly strides: readonly number[];
  /** In bytes. */
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

export class NumpyPeer {
  readonly #pipe: PythonPipe;

  constructor(python: string) {
    this.#pipe = new PythonPipe(python, new URL('./numpy-peer.py', import.meta.url));
  }

  /** Returns the bytes that np.save writes for an array. */
  async save(request: SaveRequest): Promise<Uint8Array> {
    const { file } = await this.#pipe.ask({ op: 'save', ...request, raw: toHex(request.raw) });
    return fromHex(file);
  }

  /** Returns the bytes that pickle.dumps writes for an array. */
  async dumps(request: SaveRequest, protocol: number): Promise<Uint8Array> {
    return fromHex((await this.#pipe.ask({ op: 'dumps', ...request, raw: toHex(request.raw), protocol }))['pickle']);
  }

  /** Returns the bytes that pickle.dumps writes for the value of a Python expression. */
  async dumpsOf(source: string, protocol: number): Promise<Uint8Array> {
    return fromHex((await this.#pipe.ask({ op: 'dumps_of', source, protocol }))['pickle']);
  }

  /** Returns what pickle.loads reads from each pickle. */
  async loads(pickles: readonly Uint8Array[]): Promise<(Loaded & { readonly fortranOrder: boolean })[]> {
    const { arrays } = await this.#pipe.ask({ op: 'loads', pickles: pickles.map(toHex) });
    return (arrays as [Descr, number[], boolean, string][]).map(([descr, shape, fortranOrder, data]) => ({
      descr,
      shape,
      fortranOrder,
      data: fromHex(data),
    }));
  }

  /** Returns what np.load reads. */
  async load(file: Uint8Array): Promise<Loaded> {
    const answer = await this.#pipe.ask({ op: 'load', file: toHex(file) });
    return { descr: answer['descr'] as Descr, shape: answer['shape'] as number[], data: fromHex(answer['data']) };
  }

  /** Returns what np.load reads from each file: the array's descr, shape and first bytes in C order, or the error. */
  async headers(files: readonly Uint8Array[]): Promise<(HeaderAnswer | string)[]> {
    const { headers } = await this.#pipe.ask({
      op: 'headers',
      files: files.map(toHex),
    });
    return (headers as ([Descr, string[], string] | string)[]).map((answer) =>
      typeof answer === 'string'
        ? answer
        : { descr: answer[0], shape: answer[1].map(Number), head: fromHex(answer[2]) },
    );
  }

  /** `repr()` of strings that are given, as they come back, as code points: JSON cannot carry lone surrogates. */
  async reprs(texts: readonly (readonly number[])[]): Promise<number[][]> {
    return (await this.#pipe.ask({ op: 'reprs', texts }))['reprs'] as number[][];
  }

  /** The code points below `stop` that repr() escapes, and those that this Python's Unicode leaves unassigned. */
  async ranges(stop: number): Promise<CodePointRanges> {
    return (await this.#pipe.ask({ op: 'ranges', stop })) as unknown as CodePointRanges;
  }

  /** The values of all 65 536 halves, by their bits. */
  async halves(): Promise<Float64Array> {
    return new Float64Array(fromHex((await this.#pipe.ask({ op: 'halves' }))['values']).buffer);
  }

  /** The bits of each number as float16. */
  async toHalf(values: Float64Array): Promise<Uint16Array> {
    const raw = toHex(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return new Uint16Array(fromHex((await this.#pipe.ask({ op: 'to_half', raw }))['raw']).buffer);
  }

  async version(): Promise<string> {
    const { numpy, python } = await this.#pipe.ask({ op: 'version' });
    return `NumPy ${numpy} on Python ${python}`;
  }

  stop(): Promise<void> {
    return this.#pipe.stop();
  }
}
