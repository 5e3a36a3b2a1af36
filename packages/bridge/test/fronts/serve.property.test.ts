// Hosts and handlers misbehave in random ways and orders: `serve` answers well-behaved hosts all the time, keeps no resources, and
// its close() resolves.
import { array, encode } from '@bridge/npy';
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { type ArrayHandler, serve } from '../../src/index.ts';
import { dial, framed, received } from '../support/seed-host.ts';
import { misbehave, seeded } from './misbehaving-host.ts';

const RUNS = Number(process.env['BRIDGE_FUZZ_RUNS'] ?? 12);
const HARMS = 25;
const ROGUE = 7;

/** Handlers that misbehave. The length of a frame selects one. */
const ROGUES: ArrayHandler[] = [
  () => {
    throw new Error('not today');
  },
  () => Promise.reject(new Error('nor tomorrow')),
  () => Promise.reject(undefined),
  () => new Promise(() => {}),
  () => undefined as never,
  () => 'rubbish' as never,
  () => ({ shape: [3], data: new Float32Array(1) }),
  () => [() => 1] as never,
  async () => {
    await new Promise((resolve) => setTimeout(resolve, 80));
    return [1];
  },
  (_, { signal }) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
];

describe('serve', () => {
  test.prop([fc.integer(), fc.shuffledSubarray(ROGUES, { minLength: 1 })], { numRuns: RUNS })(
    'keeps serving',
    async (seed, rogues) => {
      const random = seeded(seed);
      let turn = 0;
      const handler: ArrayHandler = (input, context) =>
        input.shape[0] === ROGUE ? (rogues[turn++ % rogues.length] as ArrayHandler)(input, context) : input;
      // No limit but `handlerMs` is low enough to be reached, so a well-behaved caller is served even on a busy machine.
      const limits = { firstByteMs: 5000, stallMs: 5000, takeMs: 5000, handlerMs: 40, closeMs: 100, maxHandlers: 3 };
      const listener = await serve('tcp://127.0.0.1:0', { limits, onError: () => {} }, handler);
      const good = encode(array(new Uint8Array(600), { shape: [10, 60] }));
      const expectServed = async (): Promise<void> => {
        const socket = await dial(listener.address);
        socket.write(framed(good));
        expect(await received(socket)).toEqual(Buffer.from(good));
      };
      const rogue = array(new Uint8Array(100_000 * ROGUE), { shape: [ROGUE, 100_000] });
      const harms = Array.from({ length: HARMS }, () => misbehave(listener.address, rogue, random));
      for (let i = 0; i < 5; i++) await expectServed();
      await Promise.all(harms);
      await expectServed();
      await listener.close();
      await expect(dial(listener.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    },
  );
});
