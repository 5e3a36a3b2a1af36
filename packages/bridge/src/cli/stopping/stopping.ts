// Requests to end a command: SIGINT, SIGTERM, SIGHUP when its terminal closes, and the end of the package manager that started it. On the
// first request the command finishes the messages that were begun, and ends. The second request ends it at once. With NODE_DEBUG=npbridge
// it prints on stderr which processes it ends with.
import { constants } from 'node:os';
import { debuglog } from 'node:util';
import { type Starter, starter } from './started-by.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** The time between two checks that the package manager is still running. */
const LOOK_MS = 500;
/**
 * Two signals of one kind within this time are one request. A package manager passes on a signal that the terminal has also sent to this
 * program, and a shell that ends sends SIGHUP to its jobs once more.
 */
const SAME_MS = 1000;

/** `signal` is aborted by the first request to end. `exitCode` returns 128 and the number of that request's signal. */
export interface Stopping extends Disposable {
  readonly signal: AbortSignal;
  readonly exitCode: () => number;
}

const debug = debuglog('npbridge');

/** Listens for requests to end until it is disposed. */
export function stopping({ isManager, outlivesTerminal, endsWith, isGone }: Starter = starter()): Stopping {
  const controller = new AbortController();
  debug('ends with %s', endsWith.length > 0 ? `one of the processes ${endsWith.join(', ')}` : 'no other process');
  let first: { readonly name: Signal; readonly at: number } | undefined;
  const ask = (name: Signal, why: string): void => {
    first = { name, at: performance.now() };
    controller.abort(new Error(why));
  };
  const stop = (name: Signal): void => {
    if (name === 'SIGHUP' && outlivesTerminal) {
      // The package manager ends with the terminal, but this program should outlive both.
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
  const looking = endsWith.length > 0 ? setInterval(look, LOOK_MS).unref() : undefined;
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
