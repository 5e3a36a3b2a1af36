// The error for a reply that its codec cannot read guesses the format of the bytes. It never guesses the codec's own format.
import { array, encode } from '@bridge/npy';
import { encodeNpz } from '@bridge/npy/npz';
import type { Carrier } from '@bridge/transport';
import { expect, test } from 'vitest';
import { codecs, connect, isBridgeError } from '../../src/index.ts';

const npz = encodeNpz({ a: array([1, 2, 3]) });
const damaged = npz.slice(0, npz.length - 30);

/** Resolves with the error of a call that a model answers with `reply`. */
async function errorOf(reply: Uint8Array, codec: typeof codecs.npz | typeof codecs.npy): Promise<unknown> {
  const carrier: Carrier = {
    exchange: async () => reply,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  const model = connect(carrier, { codec });
  return await model.call(codec === codecs.npy ? [0] : ({ x: [0] } as never)).then(
    () => expect.unreachable(),
    (error: unknown) => error,
  );
}

test('a damaged npz file is damaged, and is not guessed to be an npz file', async () => {
  const error = await errorOf(damaged, codecs.npz);
  expect.assert(isBridgeError(error, 'BRIDGE_BAD_REPLY'));
  expect(error.message).toMatch(/^the model's reply is not one \.npz/);
  expect(error.detail.hint).toBeUndefined();
});

test('an npz file is recognised where a .npy array is expected', async () => {
  const error = await errorOf(npz, codecs.npy);
  expect.assert(isBridgeError(error, 'BRIDGE_BAD_REPLY'));
  expect(error.detail.hint).toContain('npz');
});

test('a .npy array is recognised where an npz file is expected', async () => {
  const error = await errorOf(encode([1]), codecs.npz);
  expect.assert(isBridgeError(error, 'BRIDGE_BAD_REPLY'));
  expect(error.detail.hint).toContain('.npy');
});
