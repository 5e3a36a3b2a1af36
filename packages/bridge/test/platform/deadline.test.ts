// A deadline aborts a signal after a timeout of any length; invalid timeouts are refused.
import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { LONGEST_MS } from '@bridge/transport/internal';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { after, deadline, Expired } from '../../src/platform/deadline.ts';

describe('deadline', () => {
  test.each([undefined, Number.POSITIVE_INFINITY])('%s sets no timeout', (ms) => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    using limit = deadline(undefined, ms);
    expect(vi.getTimerCount()).toBe(0);
    expect(limit.signal.aborted).toBe(false);
  });

  test.each([1, LONGEST_MS, LONGEST_MS + 1, 3 * LONGEST_MS + 7])('after %i ms, and not before', async (ms) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    using limit = deadline(undefined, ms);
    const told = vi.fn();
    limit.signal.addEventListener('abort', told);
    vi.advanceTimersByTime(ms - 1);
    expect(told).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    // The event loop reads the sockets before the deadline is told.
    await new Promise(setImmediate);
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

/** Sends one byte to the socket that connects, once it is told to, and then wakes the thread that waits for `workerData`. */
const SENDER = `
const { parentPort, workerData } = require('node:worker_threads');
const server = require('node:net').createServer((socket) => {
  parentPort.once('message', () => socket.write('x', () => {
    Atomics.store(workerData, 0, 1);
    Atomics.notify(workerData, 0);
  }));
});
server.listen({ host: '127.0.0.1', port: 0 }, () => parentPort.postMessage(server.address().port));
`;

test('bytes that have come while the program was busy are read before the deadline is told', async () => {
  const sent = new Int32Array(new SharedArrayBuffer(4));
  const sender = new Worker(SENDER, { eval: true, workerData: sent });
  onTestFinished(async () => void (await sender.terminate()));
  const [port] = (await once(sender, 'message')) as [number];
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const seen: string[] = [];
  socket.on('data', () => seen.push('bytes'));
  using limit = deadline(undefined, 1);
  const over = new Promise((resolve) => limit.signal.addEventListener('abort', () => resolve(seen.push('deadline'))));
  sender.postMessage('send');
  Atomics.wait(sent, 0, 0);
  // The deadline has passed as well.
  Atomics.wait(sent, 0, 1, 5);
  await over;
  expect(seen).toEqual(['bytes', 'deadline']);
});
