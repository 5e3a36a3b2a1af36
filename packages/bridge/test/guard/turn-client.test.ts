// A guard may fail to take or to release a turn. The holder is unknown then, and calls that no other model can serve get an error
// that says so.
import { type AnyNdArray, encode } from '@bridge/npy';
import { takeTurn } from '@bridge/transport/machine';
import { tcp } from '@bridge/transport/tcp';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { Guard } from '../../src/guard/guard.ts';
import type { ModelTurn, Replica } from '../../src/guard/replica.ts';
import { codecs, serve } from '../../src/index.ts';
import { GuardedModel } from '../../src/model/guarded-model.ts';
import type { Model } from '../../src/model/model.ts';

const STUCK = new Error('the system keeps the name');

/** A model that answers at once. The test decides when its turns are released. */
function model(release: ModelTurn['release']) {
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
  return { taken, made: modelOf(new Guard([replica], { ...LIMITS, idleMs: 0 })) };
}

const LIMITS = { inFlight: 1, queueLimit: 10, wedgedMs: 60_000, retryMs: 1000 } as const;

function modelOf(guard: Guard): Model {
  const given = { target: 'here', input: undefined, output: undefined, learn: false, retry: 'unseen' } as const;
  const codec = { request: codecs.npy, reply: codecs.npy };
  return new GuardedModel(guard, { ...given, codec, maxMessageBytes: 1e9, window: 1 }) as unknown as Model;
}

describe('a turn that cannot be released', () => {
  test('the next call is told, and the one after it asks again', async () => {
    const release = vi.fn<ModelTurn['release']>().mockRejectedValueOnce(STUCK).mockResolvedValue();
    const { taken, made } = model(release);
    await made.call([1]);
    await expect.poll(() => release.mock.calls.length).toBe(1);
    await expect(made.call([2])).rejects.toMatchObject({ code: 'BRIDGE_TURN', cause: STUCK, fault: 'environment' });
    expect(taken).toHaveLength(1);
    expect((await made.call([3])).shape).toEqual([1]);
    expect(taken).toHaveLength(2);
    await made.close();
    expect(release).toHaveBeenCalledTimes(2);
  });

  test('is not asked for by a call that was given up meanwhile', async () => {
    let released = (): void => {};
    const releasing = new Promise<void>((resolve) => {
      released = resolve;
    });
    const release = vi.fn<ModelTurn['release']>().mockReturnValueOnce(releasing).mockResolvedValue();
    const { taken, made } = model(release);
    await made.call([1]);
    await expect.poll(() => release.mock.calls.length).toBe(1);
    const gone = new AbortController();
    const call = made.call([2], { signal: gone.signal });
    gone.abort('enough');
    await expect(call).rejects.toBe('enough');
    released();
    await made.call([3]);
    expect(taken).toHaveLength(2);
    await made.close();
  });

  test('does not delay closing', async () => {
    const { made } = model(() => Promise.reject(STUCK));
    await made.call([1]);
    await made.close();
  });
});

describe('a turn that cannot be had', () => {
  test('at one of two models: the other one takes the calls', async () => {
    const echo = (input: AnyNdArray): AnyNdArray => input;
    const [one, other] = [await serve('tcp://127.0.0.1:0', echo), await serve('tcp://127.0.0.1:0', echo)];
    onTestFinished(async () => void (await Promise.all([one.close(), other.close()])));
    const kinds: Pick<Replica, 'takeTurn'>[] = [
      { takeTurn: () => Promise.reject(STUCK) },
      { takeTurn: (slot, onWanted, signal) => takeTurn(`${other.address}:${slot}`, { onWanted, signal }) },
    ];
    const replicas = [one, other].map(({ address: target }, i): Replica => {
      const { hostname: host, port } = new URL(target);
      return { target, carrier: tcp({ host, port: Number(port) }, { dialect: dialects.seed }), ...kinds[i] };
    });
    const made = modelOf(new Guard(replicas, { ...LIMITS, idleMs: 5 }));
    const replies = await Promise.all(Array.from({ length: 8 }, (_, i) => made.call([i])));
    expect(replies.map((reply) => reply.get(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(made.stats.replicas).toMatchObject([{ answered: 0 }, { answered: 8 }]);
    await made.close();
  });
});
