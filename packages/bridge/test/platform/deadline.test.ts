// A deadline aborts a signal after a timeout of any length; invalid timeouts are refused.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { after, deadline, Expired, LONGEST_MS } from '../../src/platform/deadline.ts';

describe('deadline', () => {
  test.each([undefined, Number.POSITIVE_INFINITY])('%s sets no timeout', (ms) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    using limit = deadline(undefined, ms);
    expect(vi.getTimerCount()).toBe(0);
    expect(limit.signal.aborted).toBe(false);
  });

  test.each([1, LONGEST_MS, LONGEST_MS + 1, 3 * LONGEST_MS + 7])('after %i ms, and not before', (ms) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    using limit = deadline(undefined, ms);
    const told = vi.fn();
    limit.signal.addEventListener('abort', told);
    vi.advanceTimersByTime(ms - 1);
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(told).toHaveBeenCalledOnce();
    expect(limit.signal.reason).toEqual(new Expired(ms));
  });

  test("follows the caller's signal, and lets go of it and of the timer", () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const caller = new AbortController();
    {
      using limit = deadline(caller.signal, 50);
      caller.abort('enough');
      expect(limit.signal.reason).toBe('enough');
      vi.advanceTimersByTime(50);
      expect(limit.signal.reason).toBe('enough');
    }
    const other = new AbortController();
    const removed = vi.spyOn(other.signal, 'removeEventListener');
    deadline(other.signal, 50)[Symbol.dispose]();
    expect(removed).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
  test('the timer is let go of, whatever the signal does', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const broken = new Error('not to be let go of');
    const removeEventListener = (): void => {
      throw broken;
    };
    const signal = { aborted: false, reason: undefined, addEventListener: () => {}, removeEventListener };
    const limit = deadline(signal, 50);
    expect(() => limit[Symbol.dispose]()).toThrow(broken);
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a cancelled callback does not run', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const run = vi.fn();
  const stop = after(2 * LONGEST_MS, run);
  vi.advanceTimersByTime(LONGEST_MS + 1);
  stop();
  expect(vi.getTimerCount()).toBe(0);
  expect(run).not.toHaveBeenCalled();
});
