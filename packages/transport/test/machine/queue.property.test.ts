// The queue of the programs that wait for a turn, tested without processes and sockets: first come, first served, also after the
// turn went to another holder.
import type { Socket } from 'node:net';
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { Queue } from '../../src/machine/turns/queue.ts';
import { goLine, readGo, type Waiter } from '../../src/machine/turns/turn-protocol.ts';

// Cast: the queue only compares connections with each other.
const connection = (): Socket => ({}) as Socket;
const ids = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 12 });

/** Waiters in the order in which they reach the holder, each as the time since when it waits. */
const arrivals = ids.chain((since) => fc.shuffledSubarray(since, { minLength: since.length }));
const waiter = (since: number): Waiter => ({ id: `${since}.x`, since: BigInt(since) });

test.prop([arrivals, fc.nat(12)])(
  'the waiter that has waited longest is next, in whatever order the waiters came',
  (all, known) => {
    const queue = new Queue(all.slice(0, known).map(waiter));
    for (const since of all) queue.add(waiter(since), connection());
    const order: number[] = [];
    for (let next = queue.shift(); next; next = queue.shift()) order.push(Number(next.since));
    expect(order).toEqual([...all].sort((a, b) => a - b));
  },
);

test.prop([arrivals, fc.nat(11)])('a waiter that leaves is skipped, and the others keep their order', (all, which) => {
  const queue = new Queue([]);
  const sockets = all.map((since) => {
    const socket = connection();
    queue.add(waiter(since), socket);
    return socket;
  });
  const left = all[which % all.length] ?? 0;
  queue.remove(sockets[which % all.length] ?? connection());
  expect(queue.all.map(({ since }) => Number(since))).toEqual(
    all.filter((since) => since !== left).sort((a, b) => a - b),
  );
});

test.prop([fc.integer({ min: 2, max: 8 }), fc.integer({ min: 1, max: 40 })])(
  'a holder that asks again comes behind all waiters: the numbers of turns differ by one at most',
  (processes, turns) => {
    let clock = processes;
    let waiting: readonly Waiter[] = Array.from({ length: processes }, (_, i) => ({ id: `${i}`, since: BigInt(i) }));
    const had = new Map<string, number>();
    for (let turn = 0; turn < turns; turn++) {
      const queue = new Queue(waiting);
      const next = queue.shift();
      if (!next) return expect.unreachable();
      had.set(next.id, (had.get(next.id) ?? 0) + 1);
      // The line from this holder tells the next one which others wait.
      const others = readGo(goLine(next.id, queue.all).trimEnd())?.others ?? [];
      waiting = [...others, { id: next.id, since: BigInt(clock++) }];
    }
    const counts = Array.from({ length: processes }, (_, i) => had.get(`${i}`) ?? 0);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  },
);
