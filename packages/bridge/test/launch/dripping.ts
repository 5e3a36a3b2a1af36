// Models whose replies drip, by whatever way they come: the outcome of the call that waits for one, and of the calls behind it.
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Launched } from '../../src/launch/index.ts';
import { says } from './launching.ts';

export const DRIPPING: string = fileURLToPath(new URL('dripping.py', import.meta.url));

/** A reply of the server's is whole within a moment, and one that drips would take half an hour. */
export const LIMITS = { stallMs: 150, stallBytes: 100 };

/** Calls with it, and how the first of them fails. Each has another behind it, whose model is not called a second time. */
export const WAYS = [
  ['drip', { code: 'TRANSPORT_TOO_SLOW', fault: 'peer', detail: { what: 'reply', limitMs: LIMITS.stallMs } }],
  ['refused', { code: 'BRIDGE_BAD_REPLY' }],
] as const;

/** The dripping call fails as it has to, and the others, of the same model and of another, are answered. */
export async function passesBy(launched: Launched, way: string, outcome: object): Promise<void> {
  await using model = launched.connect();
  await using another = launched.connect();
  const first = model.call(says(way)).catch((error: unknown) => error);
  const rest = await Promise.all([model.call([2]), another.call([3]), another.call([4])]);
  expect(rest.map((array) => array.get(0))).toEqual([2, 3, 4]);
  expect(await first).toMatchObject(outcome);
}
