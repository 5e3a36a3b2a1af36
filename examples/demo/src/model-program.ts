// A child process that holds the model, its own or a container's client: when it listens, when it ended, what it said.
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/** The line that the model prints when it listens. A connection to its port would end the model. */
const READY_LINE = 'waiting for a connection';

/** The time that a model may take until it listens. */
const STARTUP_MS = 30_000;

/** A process without standard input whose output is read here. */
export type ModelProgram = ChildProcessByStdio<null, Readable, Readable>;

export interface Followed {
  /** Resolves when the model listens; rejects when it ended before, did not in time, or `stop` was aborted. */
  listening(stop: AbortSignal): Promise<void>;
  /** Resolves when the program has ended and its output was read to the end; at once for one that never started. */
  readonly ended: Promise<void>;
  hasEnded(): boolean;
  /** The last lines of its standard error. */
  lastWords(): string;
}

/** Reads what a program says, for as long as it runs: a model whose output nobody reads would stop. */
export function follow(program: ModelProgram): Followed {
  const out = tail(program.stdout);
  const err = tail(program.stderr);
  let how: string | undefined;
  const ended = new Promise<void>((resolve) => {
    const end = (words: string): void => {
      how ??= words;
      resolve();
    };
    program.once('error', (error) => end(`could not be started: ${error.message}`));
    program.once('close', (code, signal) => end(`ended with ${code ?? signal}:\n${err.lines()}`));
  });
  return {
    async listening(stop) {
      stop.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const late = setTimeout(() => reject(new Error(`the model did not listen within ${STARTUP_MS} ms`)), STARTUP_MS);
      const abort = (): void => reject(stop.reason);
      stop.addEventListener('abort', abort);
      out.onLine(READY_LINE, resolve);
      ended.then(() => reject(new Error(`the model ${how}`)));
      try {
        await promise;
      } finally {
        clearTimeout(late);
        stop.removeEventListener('abort', abort);
      }
    },
    ended,
    hasEnded: () => how !== undefined,
    lastWords: err.lines,
  };
}

const KEPT_CHARACTERS = 4096;
const KEPT_LINES = 8;

/** The end of a text that goes on. */
function tail(stream: Readable): { lines(): string; onLine(line: string, seen: () => void): void } {
  let kept = '';
  stream.setEncoding('utf8').on('data', (text: string) => {
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  });
  return {
    lines: () => kept.trim().split('\n').slice(-KEPT_LINES).join('\n'),
    onLine(line, seen) {
      const look = (): void => {
        if (!kept.includes(line)) return;
        stream.off('data', look);
        seen();
      };
      stream.on('data', look);
      look();
    },
  };
}
