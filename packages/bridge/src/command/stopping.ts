// SIGINT, SIGTERM, and SIGHUP when a terminal goes: the first asks to finish what was begun, the second does not ask.
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborted by the first signal. `exitCode`: what a program says that it was ended by. */
export interface Stopping extends Disposable {
  readonly signal: AbortSignal;
  readonly exitCode: () => number;
}

export function stopping(): Stopping {
  const controller = new AbortController();
  let exitCode = 0;
  const stop = (name: NodeJS.Signals): void => {
    exitCode = 128 + constants.signals[name];
    if (controller.signal.aborted) process.exit(exitCode);
    controller.abort(new Error(`stopped by ${name}`));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    [Symbol.dispose]() {
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
