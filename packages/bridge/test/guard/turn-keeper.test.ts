// The turns of a guard, where letting go of one fails: nobody knows then whose it is, and that is told.
import { encode } from '@bridge/npy';
import { describe, expect, test, vi } from 'vitest';
import { dialects } from '../../src/dialects.ts';
import { Guard } from '../../src/guard/guard.ts';
import type { HeldTurn, Replica } from '../../src/guard/replica.ts';
import { GuardedModel } from '../../src/guarded-model.ts';

const STUCK = new Error('the system keeps the name');

/** A model that answers at once, and whose turns are let go of as a test says. */
function model(release: HeldTurn['release']) {
  const taken: (() => void)[] = [];
  const close = async (): Promise<void> => {};
  const replica: Replica = {
    target: 'here',
    carrier: { exchange: async () => encode([1]), close, [Symbol.asyncDispose]: close },
    async takeTurn(_, onWanted) {
      taken.push(onWanted);
      return { release };
    },
  };
  const limits = { inFlight: 1, queueLimit: 10, wedgedMs: 60_000, retryMs: 1000 } as const;
  const guard = new Guard([replica], { ...limits, idleMs: 0 });
  const given = { target: 'here', input: undefined, output: undefined, learn: false, retry: 'unseen' } as const;
  return { taken, made: new GuardedModel(guard, { ...given, window: 1, dialect: dialects.seed }) };
}

describe('a turn that cannot be let go of', () => {
  test('is told to the next who asks for it, and asked for anew after that', async () => {
    const release = vi.fn<HeldTurn['release']>().mockRejectedValueOnce(STUCK).mockResolvedValue();
    const { taken, made } = model(release);
    await made.call([1]);
    await vi.waitUntil(() => release.mock.calls.length === 1);
    await expect(made.call([2])).rejects.toMatchObject({ code: 'BRIDGE_TURN', cause: STUCK, fault: 'environment' });
    expect(taken).toHaveLength(1);
    expect((await made.call([3])).shape).toEqual([1]);
    expect(taken).toHaveLength(2);
    await made.close();
    expect(release).toHaveBeenCalledTimes(2);
  });

  test("is in nobody's way who closes", async () => {
    const { made } = model(() => Promise.reject(STUCK));
    await made.call([1]);
    await made.close();
  });
});
