// Collects unhandled rejections, for tests that expect them.
import { onTestFinished } from 'vitest';

/** Returns a list that collects the reasons of unhandled rejections until the test is over; the runner does not see them. */
export function unhandledRejections(): readonly unknown[] {
  const reasons: unknown[] = [];
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (reason) => reasons.push(reason));
  onTestFinished(() => {
    process.removeAllListeners('unhandledRejection');
    for (const other of others) process.on('unhandledRejection', other);
  });
  return reasons;
}
