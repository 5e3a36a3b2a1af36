// SIGINT and SIGTERM as an AbortSignal: whatever was started is ended in the ordinary way, and the exit code says why.
import { constants } from 'node:os';

/** The reason of the abort. */
export class Interruption extends Error {
  /** 128 + the signal's number, as a shell would say it. */
  readonly exitCode: number;

  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + constants.signals[signal];
  }
}

/** Aborts with an Interruption. Later signals change nothing: a terminal's Ctrl-C may arrive more than once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => controller.abort(new Interruption(signal)));
  }
  return controller.signal;
}
