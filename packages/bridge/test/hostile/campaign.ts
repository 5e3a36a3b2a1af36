// Runs random cases of one kind, several at a time, and counts their outcomes. A case sends one or a few messages to a peer with
// random behaviour; the outcome of each is an answer, or one error with a code.
import { PerformanceObserver } from 'node:perf_hooks';
import { isNpyError } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { isBridgeError } from '../../src/errors/bridge-error.ts';
import { Random } from '../faults/random.ts';

/** A kind of hostile peer, with the resources that all of its cases share. */
export interface Kind extends AsyncDisposable {
  /** Runs one case. @returns the outcome of each of its messages, by `outcomeOf` */
  run(random: Random): Promise<readonly string[]>;
}

export interface Report {
  readonly cases: number;
  /** The number of messages with each outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The outcomes that are not documented. */
  readonly wrong: readonly string[];
  readonly seconds: number;
  /**
   * The longest time for which the event loop stood still, counted in this process's processor time, because on a busy machine
   * other programs delay it as well. The peer runs in this process, too.
   */
  readonly heldMs: number;
  /** The longest garbage collection, which is a part of `heldMs`. It also collects the garbage of earlier kinds. */
  readonly collectedMs: number;
  readonly grewMB: number;
}

const AT_ONCE = 16;
/** A case that takes longer counts as hanging. */
const HANGING_MS = 20_000;
const MOST_WRONG = 20;
const TICK_MS = 2;
/** The abort reason of callers that give up. */
export const ENOUGH: unique symbol = Symbol('enough');

/** Resolves with the outcome of an exchange, or with a text that begins with `wrong` if the outcome is not documented. */
export async function outcomeOf(exchange: Promise<unknown>): Promise<string> {
  try {
    await exchange;
    return 'answered';
  } catch (error) {
    if (error === ENOUGH) return 'given up';
    if (isTransportError(error) || isNpyError(error) || isBridgeError(error)) {
      if (error.message.length < 2000 && !/[^\P{Cc}\n]/u.test(error.message)) return error.code;
      return `wrong: ${error.code} in ${error.message.length} characters`;
    }
    return `wrong: ${error instanceof Error ? error.stack : String(error)}`;
  }
}

export async function campaign(kind: Kind, cases: number, seed: number): Promise<Report> {
  const outcomes: Record<string, number> = {};
  const wrong: string[] = [];
  const complain = (what: string): void => {
    if (wrong.length < MOST_WRONG) wrong.push(what);
  };
  const uncaught = (error: unknown): void => complain(`uncaught: ${(error as Error)?.stack ?? error}`);
  process.on('uncaughtException', uncaught).on('unhandledRejection', uncaught);
  const rss = process.memoryUsage().rss;
  const startedAt = performance.now();
  let next = 0;
  const standstill = watchStandstill();
  const collection = watchCollection();
  const work = async (): Promise<void> => {
    while (next < cases && wrong.length < MOST_WRONG) {
      const number = next++;
      let timer: NodeJS.Timeout | undefined;
      const hanging = new Promise<readonly string[]>((resolve) => {
        timer = setTimeout(() => resolve([`wrong: it hangs`]), HANGING_MS);
      });
      const came = await Promise.race([kind.run(new Random(seed, number)), hanging]);
      clearTimeout(timer);
      for (const outcome of came) {
        if (outcome.startsWith('wrong')) complain(`case ${number}: ${outcome}`);
        else outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const heldMs = standstill();
  const collectedMs = collection();
  // Node reports an uncaught error a moment later.
  await new Promise((resolve) => setTimeout(resolve, 20));
  process.off('uncaughtException', uncaught).off('unhandledRejection', uncaught);
  const seconds = (performance.now() - startedAt) / 1000;
  const grewMB = (process.memoryUsage().rss - rss) / 1e6;
  return { cases: next, outcomes, wrong, seconds, heldMs, collectedMs, grewMB };
}

/** @returns ends the watch, and says how long the longest was */
function watchStandstill(): () => number {
  let longestMs = 0;
  let at = performance.now();
  let used = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(used);
    longestMs = Math.max(longestMs, Math.min(performance.now() - at, (user + system) / 1000));
    at = performance.now();
    used = process.cpuUsage();
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    return longestMs;
  };
}

/** @returns ends the watch, and says how long the longest was */
function watchCollection(): () => number {
  let longestMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestMs = Math.max(longestMs, duration);
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => {
    observer.disconnect();
    return longestMs;
  };
}
