// Calls arrive while the guard asks the kernel whether a model listens again. The model is a real listener, and the kernel's answer
// is the real one; the test only delays it.
import { decode, encodeParts } from '@bridge/npy';
import { listening } from '@bridge/transport/machine';
import { tcp } from '@bridge/transport/tcp';
import { expect, onTestFinished, test, vi } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { Guard } from '../../src/guard/guard.ts';
import type { Replica } from '../../src/guard/replica.ts';
import { serve } from '../../src/index.ts';
import { OwnSignal } from '../../src/platform/own-signal.ts';

/**
 * Returns a guard for a model that does not listen yet, and for `others`. The kernel's answer about the model arrives after `told`
 * has resolved.
 */
async function awaited(told: () => Promise<void>, others: readonly Replica[] = []) {
  const address = { host: '127.0.0.1', port: await freePort() };
  const asked = vi.fn(async () => {
    await told();
    return await listening(address);
  });
  const carrier = tcp(address, { dialect: dialects.seed });
  const limits = { inFlight: 1, queueLimit: 10, wedgedMs: 60_000, retryMs: 60_000, idleMs: 5 } as const;
  const guard = new Guard([{ target: 'here', carrier, listening: asked }, ...others], limits);
  onTestFinished(() => guard.close(0));
  const seen: unknown[] = [];
  return {
    asked,
    guard,
    seen,
    async exchange(value: number): Promise<unknown> {
      const message = () => encodeParts([value]);
      const { bytes } = await guard.exchange({ message, signal: new OwnSignal(), resend: 'unseen' });
      return decode(bytes).get(0);
    },
    async start(): Promise<void> {
      const listener = await serve(`tcp://127.0.0.1:${address.port}`, (input) => {
        seen.push(input.get(0));
        return input;
      });
      onTestFinished(() => listener.close());
    },
  };
}

test('a call that waits for the kernel to tell is not overtaken by one that need not ask any more', async () => {
  let tell = (): void => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const { asked, guard, exchange, seen, start } = await awaited(() => told);
  const first = exchange(1);
  await expect.poll(() => guard.healthOf(0)).toBe('down');
  const second = exchange(2);
  expect(asked).toHaveBeenCalled();
  await start();
  // The first call has found that the model listens again, and the kernel's answer is still outstanding.
  expect(await first).toBe(1);
  expect(guard.healthOf(0)).toBe('up');
  const third = exchange(3);
  tell();
  expect(await Promise.all([second, third])).toEqual([2, 3]);
  expect(seen).toEqual([1, 2, 3]);
});

test('where the kernel cannot be asked, calls find out', async () => {
  const { guard, exchange, start } = await awaited(() => Promise.reject(new Error('no such table')));
  const first = exchange(1);
  await expect.poll(() => guard.healthOf(0)).toBe('down');
  const second = exchange(2);
  await start();
  expect(await Promise.all([first, second])).toEqual([1, 2]);
});

test('a call that another model can take does not wait for the kernel to tell of the one that is gone', async () => {
  const there = await serve('tcp://127.0.0.1:0', (input) => input);
  onTestFinished(() => there.close());
  const { hostname: host, port } = new URL(there.address);
  const other = tcp({ host, port: Number(port) }, { dialect: dialects.seed });
  const { guard, exchange } = await awaited(() => new Promise(() => {}), [{ target: 'there', carrier: other }]);
  expect(await exchange(1)).toBe(1);
  expect([guard.healthOf(0), guard.healthOf(1)]).toEqual(['down', 'up']);
  expect(await exchange(2)).toBe(2);
});
