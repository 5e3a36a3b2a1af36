// Requests to end a command that come twice. The clock is faked; the signals are events of this process.
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Starter } from '../../src/cli/stopping/started-by.ts';
import { stopping } from '../../src/cli/stopping/stopping.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

const shell: Starter = { isManager: false, outlivesTerminal: false, endsWith: [], isGone: () => false };
const manager: Starter = { ...shell, isManager: true, endsWith: [7] };

beforeEach(() => {
  vi.useFakeTimers();
  // The test runner listens for signals, too.
  const others = SIGNALS.map((name) => [name, process.rawListeners(name)] as const);
  for (const [name] of others) process.removeAllListeners(name);
  onTestFinished(() => {
    vi.useRealTimers();
    for (const [name, listeners] of others)
      for (const listener of listeners) process.on(name, listener as NodeJS.SignalsListener);
  });
});

/** Begins to listen, and returns the exit codes with which the process would have ended at once. */
function exits(starter: Starter): { asked: AbortSignal; codes: unknown[] } {
  const codes: unknown[] = [];
  const exit = vi.spyOn(process, 'exit').mockImplementation((code) => codes.push(code) as never);
  const stop = stopping(starter);
  onTestFinished(() => {
    stop[Symbol.dispose]();
    exit.mockRestore();
  });
  return { asked: stop.signal, codes };
}

const send = (name: Signal): void => void process.emit(name, name);

describe('a second signal', () => {
  test.each<[string, Starter, Signal, Signal, number, number[]]>([
    ['of npm, which passes on that of the terminal', manager, 'SIGINT', 'SIGINT', 999, []],
    ['of a user who is not content with npm', manager, 'SIGINT', 'SIGINT', 1000, [130]],
    ['of another kind', manager, 'SIGINT', 'SIGTERM', 1, [143]],
    ['without npm', shell, 'SIGINT', 'SIGINT', 1, [130]],
    ['of a shell that ends with its terminal', shell, 'SIGHUP', 'SIGHUP', 999, []],
    ['of a terminal that ends later', shell, 'SIGHUP', 'SIGHUP', 1000, [129]],
  ])('%s', (_, starter, first, second, afterMs, expected) => {
    const { asked, codes } = exits(starter);
    expect(asked.aborted).toBe(false);
    send(first);
    expect(asked.aborted).toBe(true);
    vi.advanceTimersByTime(afterMs);
    send(second);
    expect(codes).toEqual(expected);
  });
});

test('a program that outlives its terminal does not hear hangups', () => {
  const { asked } = exits({ ...shell, outlivesTerminal: true });
  send('SIGHUP');
  expect(asked.aborted).toBe(false);
  send('SIGTERM');
  expect(asked.aborted).toBe(true);
});

test('the end of the package manager is noticed, and no process is looked at if the program ends with none', () => {
  const looks = { manager: 0, shell: 0 };
  const { asked } = exits({ ...manager, isGone: () => ++looks.manager === 3 });
  const { asked: none } = exits({ ...shell, isGone: () => ++looks.shell > 0 });
  vi.advanceTimersByTime(60_000);
  expect([asked.aborted, none.aborted, looks]).toEqual([true, false, { manager: 3, shell: 0 }]);
});
