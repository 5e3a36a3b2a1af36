// What all replicas of a launch write, as one log. Replicas may join while it is read.
import { checkOption } from '../../errors/options.ts';
import { type LogLine, ReplicaLog } from './log.ts';

/**
 * What a launched model writes, and what launch says of it. Iterated: every line that is kept, then those that come. A model's
 * output is read every few milliseconds: a line that it wrote for a message may be here shortly after the answer.
 */
export interface LaunchedLog extends AsyncIterable<LogLine> {
  /**
   * The last lines of all replicas that have been read so far, in order of time. Default: 20.
   * @throws BridgeError BRIDGE_OPTION
   */
  tail(lines?: number): readonly LogLine[];
}

export class Logs implements LaunchedLog {
  readonly #all: ReplicaLog[];
  readonly #maxBytes: number;
  readonly #over = new AbortController();
  /** Of those who read: told of a log that joins. */
  readonly #readers = new Set<(log: ReplicaLog) => void>();

  /** @param first the first replica's, in which the preparation was told */
  constructor(first: ReplicaLog, maxBytes: number) {
    this.#all = [first];
    this.#maxBytes = maxBytes;
  }

  /** The log of a replica, over all that had its number. */
  of(replica: number): ReplicaLog {
    const known = this.#all[replica];
    if (known) return known;
    const log = new ReplicaLog(replica, this.#maxBytes);
    this.#all[replica] = log;
    for (const read of this.#readers) read(log);
    return log;
  }

  tail(lines = 20): readonly LogLine[] {
    checkOption('lines', lines, Number.isInteger(lines) && lines >= 0, 'a whole number from 0');
    const last = this.#all.flatMap((log) => log.tail(lines)).sort((a, b) => a.at - b.at);
    return last.slice(Math.max(0, last.length - lines));
  }

  /** Nothing more will come. */
  close(): void {
    this.#over.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogLine, undefined> {
    const left = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, left.signal]);
    // One line of each log at most: who reads slowly leaves the others where they are bounded.
    const came: { readonly line: LogLine; readonly taken: () => void }[] = [];
    let reading = 0;
    let wake = (): void => {};
    const read = async (log: ReplicaLog): Promise<void> => {
      reading++;
      for await (const line of log.lines(signal)) {
        if (left.signal.aborted) break;
        await new Promise<void>((taken) => {
          came.push({ line, taken });
          wake();
        });
      }
      reading--;
      wake();
    };
    const join = (log: ReplicaLog): void => void read(log);
    this.#readers.add(join);
    try {
      for (const log of this.#all) join(log);
      for (;;) {
        const next = came.shift();
        next?.taken();
        if (next) yield next.line;
        else if (reading === 0) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    } finally {
      this.#readers.delete(join);
      left.abort();
      for (const { taken } of came) taken();
    }
  }
}
