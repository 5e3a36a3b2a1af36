// A model sends a reply a few bytes at a time. Checks the outcome of the call that waits for it, and of the calls behind it.
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Launched } from '../../src/launch/index.ts';
import { says } from './launching.ts';

export const DRIPPING: string = fileURLToPath(new URL('dripping.py', import.meta.url));

/** The server sends a normal reply at once. A dripping one would take half an hour, and these limits end it. */
export const LIMITS = { stallMs: 150, stallBytes: 100 };

/** The ways in which dripping.py can drip, and the error of the call that meets them. */
export const WAYS = [
  ['drip', { code: 'TRANSPORT_TOO_SLOW', fault: 'peer', detail: { what: 'reply', limitMs: LIMITS.stallMs } }],
  ['refused', { code: 'BRIDGE_BAD_REPLY' }],
] as const;

/**
 * Expects that the dripping call fails with `outcome`, and that the calls behind it, of the same and of another model object, are
 * answered.
 */
export async function passesBy(launched: Launched, way: string, outcome: object): Promise<void> {
  await using model = launched.connect();
  await using another = launched.connect();
  const first = model.call(says(way)).catch((error: unknown) => error);
  const rest = await Promise.all([model.call([2]), another.call([3]), another.call([4])]);
  expect(rest.map((array) => array.get(0))).toEqual([2, 3, 4]);
  expect(await first).toMatchObject(outcome);
}
