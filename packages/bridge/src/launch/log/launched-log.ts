// Merges the logs of all replicas of a launch. Replicas may be added while the merged log is read.
import { checkOption } from '../../errors/options.ts';
import { type LogLine, ReplicaLog } from './log.ts';

/**
 * The output of a launched model, and the notes of launch about it. Iterating it gives every line that is kept, and then each new one.
 * A model's output is read every few milliseconds, so a line about a message may arrive shortly after the reply.
 */
export interface LaunchedLog extends AsyncIterable<LogLine> {
  /**
   * Returns the last lines of all replicas, in order of time. Default: 20.
   * @throws BridgeError BRIDGE_OPTION
   */
  tail(lines?: number): readonly LogLine[];
}

export class MergedLog implements LaunchedLog {
  readonly #all: ReplicaLog[];
  readonly #maxBytes: number;
  readonly #over = new AbortController();
  /** The callbacks of the readers. Each is called with every log that is added. */
  readonly #readers = new Set<(log: ReplicaLog) => void>();

  /** @param first the log of the first replica, which has the notes about preparing the program */
  constructor(first: ReplicaLog, maxBytes: number) {
    this.#all = [first];
    this.#maxBytes = maxBytes;
  }

  /** Returns the log of the replica with this number. A later replica with the same number writes to the same log. */
  forReplica(replica: number): ReplicaLog {
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

  /** Ends the log: there will be no more lines. */
  close(): void {
    this.#over.abort();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LogLine, undefined> {
    const left = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, left.signal]);
    // This list holds at most one line of each log. The logs keep, within their bounds, the lines that a slow reader has not taken.
    const waiting: { readonly line: LogLine; readonly taken: () => void }[] = [];
    let reading = 0;
    let wake = (): void => {};
    const read = async (log: ReplicaLog): Promise<void> => {
      reading++;
      for await (const line of log.lines(signal)) {
        if (left.signal.aborted) break;
        await new Promise<void>((taken) => {
          waiting.push({ line, taken });
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
        const next = waiting.shift();
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
      for (const { taken } of waiting) taken();
    }
  }
}
