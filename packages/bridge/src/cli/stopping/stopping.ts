// What asks a command to end: SIGINT, SIGTERM, SIGHUP when its terminal goes, and the end of the package manager that started
// it. The first asks to finish what was begun, the second does not ask.
import { constants } from 'node:os';
import { starter } from './started-by.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** How often it is looked whether the package manager is still there. */
const LOOK_MS = 500;
/** A package manager passes on what its terminal has told everybody, and a shell that ends tells its jobs once more. */
const SAME_MS = 1000;

/** Aborted by the first signal. `exitCode`: what a program says that it was ended by. */
export interface Stopping extends Disposable {
  readonly signal: AbortSignal;
  readonly exitCode: () => number;
}

export function stopping(): Stopping {
  const controller = new AbortController();
  const { isManager, outlivesTerminal, isGone } = starter();
  let first: { readonly name: Signal; readonly at: number } | undefined;
  const ask = (name: Signal, why: string): void => {
    first = { name, at: performance.now() };
    controller.abort(new Error(why));
  };
  const stop = (name: Signal): void => {
    if (name === 'SIGHUP' && outlivesTerminal) {
      // The package manager ends with the terminal, which is to end nothing here.
      clearInterval(looking);
    } else if (!first) {
      ask(name, `stopped by ${name}`);
    } else {
      const mayBeTheSame = first.name === name && (isManager || name === 'SIGHUP');
      if (!mayBeTheSame || performance.now() - first.at >= SAME_MS) process.exit(128 + constants.signals[name]);
    }
  };
  const look = (): void => {
    if (!first && isGone()) ask('SIGHUP', 'stopped by the end of the package manager that started it');
  };
  const looking = isManager ? setInterval(look, LOOK_MS).unref() : undefined;
  for (const name of SIGNALS) process.on(name, stop);
  return {
    signal: controller.signal,
    exitCode: () => 128 + constants.signals[first?.name ?? 'SIGTERM'],
    [Symbol.dispose]() {
      clearInterval(looking);
      for (const name of SIGNALS) process.off(name, stop);
    },
  };
}
