// The suites for the rows of the table in README.md run with both variants of the server. Each suite has two kinds of test:
//   careless   a client that does what the row says, to a model of its own: the row is real
//   host       our host in that situation, before one model that has to live through all tests of its suite
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { pythons } from '../pythons.ts';
import { unreadBytes } from './kernel.ts';
import { ModelProcess, VARIANTS, type Variant } from './model-process.ts';
import { serves } from './raw-client.ts';

const [label, found] = pythons[0] ?? ['no Python', undefined];
export const python: string = found ?? '';

export interface Rows {
  readonly variant: Variant;
  /** A model that the test may hurt. */
  victim(): Promise<ModelProcess>;
  /** The model that a host with this package must not hurt. */
  readonly survivor: ModelProcess;
}

export function onEachVariant(title: string, rows: (rows: Rows) => void): void {
  describe.skipIf(!found).each(VARIANTS)(`${title}, before the server as the variant %s on ${label}`, (variant) => {
    let survivor: ModelProcess;
    let pid: number;
    let id = 0;
    beforeAll(async () => {
      survivor = await ModelProcess.start(python, variant);
      pid = survivor.pid;
    });
    afterEach(async () => {
      expect(survivor.alive, survivor.lastWords).toBe(true);
      expect(await serves(survivor.port, { id: --id })).toBe(true);
      expect(survivor.pid).toBe(pid);
    });
    afterAll(() => survivor.kill());
    rows({
      variant,
      async victim() {
        const model = await ModelProcess.start(python, variant);
        onTestFinished(() => model.kill());
        return model;
      },
      get survivor() {
        return survivor;
      },
    });
  });
}

/** Resolves when a model has read all bytes that were sent to it. */
export async function isRead({ port }: ModelProcess): Promise<void> {
  await expect.poll(() => unreadBytes(port)).toBe(0);
}

/** Resolves with whether `promise` is still pending after `ms` milliseconds. */
export async function pends(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const settled = promise.then(
    () => false,
    () => false,
  );
  return await Promise.race([settled, pause(ms).then(() => true)]);
}
