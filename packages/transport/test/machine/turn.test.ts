// Turns between real processes: only one has the turn, each gets it in the end, and a killed holder frees it.
// queue.property.test.ts tests the order; among processes it may differ, because one that gets no processor for 20 ms is passed
// over.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Turn, takeTurn } from '../../src/machine/turns/turn.ts';

const HOLDER = fileURLToPath(new URL('./holder.mjs', import.meta.url));
let count = 0;
const fresh = (): string => `test-${process.pid}-${count++}`;

interface NameHolder {
  readonly child: ChildProcess;
  /** A line for each turn that the process has had. */
  readonly lines: string[];
  /** Resolves when the process has its first turn. */
  readonly first: Promise<unknown>;
  /** Resolves when the process waits for a turn for the first time. */
  readonly waits: Promise<unknown>;
  readonly ended: Promise<number | null>;
}

function holder(...args: (string | number)[]): NameHolder {
  const child = spawn(process.execPath, ['--conditions=@bridge/source', HOLDER, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const first = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'waits') return waits.resolve();
    lines.push(line);
    first.resolve();
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'close').then(([code]) => code);
  return { child, lines, first: first.promise, waits: waits.promise, ended };
}

function witness(): string {
  const path = join(tmpdir(), `npbridge-${fresh()}.witness`);
  onTestFinished(() => rmSync(path, { force: true }));
  return path;
}

for (const names of ['abstract', 'file'] as const) {
  describe.skipIf(names === 'abstract' && process.platform !== 'linux')(`turns by ${names} name`, () => {
    test('in one process: one at a time, and each has it', async () => {
      const name = fresh();
      const order: number[] = [];
      let holding = 0;
      const use = async (turn: Turn, i: number): Promise<void> => {
        expect(++holding).toBe(1);
        order.push(i);
        await pause(2);
        holding--;
        await turn.release();
      };
      const first = await takeTurn(name, { names });
      const others = Array.from({ length: 7 }, (_, i) => takeTurn(name, { names }).then((turn) => use(turn, i + 1)));
      await use(first, 0);
      await Promise.all(others);
      expect(order.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    });

    test('of five that ask again at once, each has its turn as often as it asks', async () => {
      const name = fresh();
      const had = Array.from({ length: 5 }, async () => {
        let turns = 0;
        for (; turns < 6; turns++) await (await takeTurn(name, { names })).release();
        return turns;
      });
      expect(await Promise.all(had)).toEqual([6, 6, 6, 6, 6]);
    });

    test('the holder is told that somebody waits, and cannot take the turn back before that one had it', async () => {
      const name = fresh();
      const events: string[] = [];
      let wanted!: () => void;
      const asked = new Promise<void>((resolve) => {
        wanted = resolve;
      });
      const first = await takeTurn(name, { names, onWanted: wanted });
      const second = takeTurn(name, { names }).then((turn) => {
        events.push('second');
        return turn;
      });
      await asked;
      await first.release();
      await first.release();
      const again = takeTurn(name, { names }).then((turn) => {
        events.push('first again');
        return turn;
      });
      await (await second).release();
      await (await again).release();
      expect(events).toEqual(['second', 'first again']);
    });

    test('a wait can be given up, and leaves nothing behind', async () => {
      const name = fresh();
      const held = await takeTurn(name, { names });
      const controller = new AbortController();
      const { signal } = controller;
      const waits = Promise.withResolvers<unknown>();
      const waiting = takeTurn(name, { names, signal, onHolder: waits.resolve }).catch((error: unknown) => error);
      await waits.promise;
      controller.abort('enough');
      expect(await waiting).toBe('enough');
      await held.release();
      const next: Turn = await takeTurn(name, { names });
      await next.release();
    });

    test('a wait can be given up at any moment, and the turn is free again', async () => {
      const name = fresh();
      for (let moment = 0; moment < 30; moment++) {
        const controller = new AbortController();
        const held = moment % 2 ? await takeTurn(name, { names }) : undefined;
        const waiting = takeTurn(name, { names, signal: controller.signal }).then(
          (turn) => turn.release(),
          (error: unknown) => expect(error).toBe('enough'),
        );
        for (let turn = 0; turn < moment / 2; turn++) await new Promise((resolve) => setImmediate(resolve));
        controller.abort('enough');
        await waiting;
        await held?.release();
        await (await takeTurn(name, { names })).release();
      }
    });

    test('several processes exclude each other, and each gets its share', async () => {
      const name = fresh();
      const file = witness();
      const holders = Array.from({ length: 3 }, () => holder(name, file, 40, 1, names));
      for (const { ended, lines } of holders) {
        expect(await ended).toBe(0);
        expect(lines).toHaveLength(40);
      }
      expect(existsSync(file)).toBe(false);
    });

    test('when the holder and one that waits are killed, all others have their turn, one at a time', async () => {
      const name = fresh();
      const file = witness();
      const killed = holder(name, file, 1, 60_000, names);
      await killed.first;
      const others = Array.from({ length: 4 }, () => holder(name, file, 3, 1, names));
      const mine = takeTurn(name, { names });
      await Promise.all(others.map(({ waits }) => waits));
      others[0]?.child.kill('SIGKILL');
      rmSync(file);
      killed.child.kill('SIGKILL');
      await (await mine).release();
      for (const { ended, lines } of others.slice(1)) {
        expect(await ended).toBe(0);
        expect(lines).toHaveLength(3);
      }
    });

    test('a process that is stopped while it waits is passed by, and has its turn when it goes on', async () => {
      const name = fresh();
      const file = witness();
      const first = await takeTurn(name, { names });
      const stopped = holder(name, file, 1, 0, names);
      await stopped.waits;
      stopped.child.kill('SIGSTOP');
      const waits = Promise.withResolvers<unknown>();
      const next = takeTurn(name, { names, onHolder: waits.resolve });
      await waits.promise;
      await first.release();
      const turn = await next;
      expect(stopped.lines).toEqual([]);
      stopped.child.kill('SIGCONT');
      await turn.release();
      expect(await stopped.ended).toBe(0);
      expect(stopped.lines).toHaveLength(1);
    });

    test('a holder that is killed frees its turn', async () => {
      const name = fresh();
      const file = witness();
      const killed = holder(name, file, 1, 60_000, names);
      await killed.first;
      const waits = Promise.withResolvers<unknown>();
      const waiting = takeTurn(name, { names, onHolder: waits.resolve });
      await waits.promise;
      killed.child.kill('SIGKILL');
      await (await waiting).release();
      rmSync(file);
      const after = holder(name, file, 1, 0, names);
      expect(await after.ended).toBe(0);
    });
  });
}

test('of four processes that never have enough, each is served again and again', async () => {
  const name = fresh();
  const file = witness();
  const holders = Array.from({ length: 4 }, () => holder(name, file, 1e6, 1));
  await Promise.all(holders.map(({ first }) => first));
  const counts = (): number[] => holders.map(({ lines }) => lines.length);
  const before = counts();
  await expect.poll(() => Math.min(...counts().map((count, i) => count - (before[i] ?? 0)))).toBeGreaterThanOrEqual(40);
});

test('onHolder is told who has the turn, and again when the holder changes', async () => {
  const name = fresh();
  const file = witness();
  const other = holder(name, file, 1, 'until told');
  await other.first;
  const told: unknown[] = [];
  const waits = Promise.withResolvers<unknown>();
  const between = takeTurn(name, { onHolder: waits.resolve });
  await waits.promise;
  const last = takeTurn(name, { onHolder: (by) => told.push(by.pid) });
  await expect.poll(() => told.length).toBe(1);
  other.child.stdin?.end();
  const turn = await between;
  await expect.poll(() => told.length).toBe(2);
  await turn.release();
  await (await last).release();
  expect(told).toEqual([other.child.pid, process.pid]);
});

test.each([
  [undefined, {}],
  [5, {}],
  ['name', 5],
  ['name', { names: 'other' }],
  ['name', { onWanted: 5 }],
  ['name', { onHolder: 5 }],
])('takeTurn(%j, %j) is refused', async (name, options) => {
  await expect(takeTurn(name as never, options as never)).rejects.toMatchObject({ code: 'TRANSPORT_BAD_OPTION' });
});
