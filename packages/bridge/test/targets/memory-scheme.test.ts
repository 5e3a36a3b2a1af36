// The scheme `memory:` connects models and hosts within one program, as other schemes do by sockets.
import { type AnyNdArray, array, toNested } from '@bridge/npy';
import { describe, expect, test } from 'vitest';
import { codecs, connect, dialects, relay, serve } from '../../src/index.ts';

describe('memory:', () => {
  test('a model is served, relayed and called', async () => {
    await using served = await serve('memory:model', (frame) => array([frame.size]));
    await using relayed = await relay('memory:relay%20of%20it', served.address, { input: { shape: [null, null] } });
    expect(relayed.address).toBe('memory:relay%20of%20it');
    await using model = connect(relayed.address, { output: { dtype: 'float64' } });
    expect(toNested(await model.call(array(new Uint8Array(6), [2, 3])))).toEqual([6]);
    expect(relayed.stats).toMatchObject({ calls: 1, answered: 1 });
    expect(model.stats.replicas).toEqual([{ target: 'memory:relay%20of%20it', health: 'up', answered: 1 }]);
  });

  test('arrays by name', async () => {
    await using served = await serve('memory:named', { codec: codecs.npz }, ({ image }) => ({ image: image ?? [0] }));
    await using model = connect(served.address, { codec: codecs.npz });
    expect((await model.call({ image: [1, 2] }))['image']?.shape).toEqual([2]);
  });

  test('as many messages are under way as are asked for', async () => {
    let [atWork, most] = [0, 0];
    const released: (() => void)[] = [];
    await using served = await serve('memory:busy', async (frame) => {
      most = Math.max(most, ++atWork);
      if (atWork === 10) for (const release of released) release();
      else await new Promise<void>((resolve) => released.push(resolve));
      return frame;
    });
    await using model = connect(served.address, { inFlight: 10 });
    await Promise.all(Array.from({ length: 10 }, (_, i) => model.call([i])));
    expect(most).toBe(10);
  });

  test('a model that is not there yet is waited for, and found', async () => {
    await using model = connect('memory:late', { retryMs: Number.POSITIVE_INFINITY });
    const answer = model.call([1]);
    await expect.poll(() => model.stats.replicas[0]?.health).toBe('down');
    await using _ = await serve('memory:late', (frame) => frame);
    expect((await answer).shape).toEqual([1]);
  });

  test('a name is free again when its listener is closed, and is nobody else’s before', async () => {
    const first = await serve('memory:taken', (frame) => frame);
    const again = { code: 'TRANSPORT_ADDRESS' };
    await expect(serve('memory:taken', (frame) => frame)).rejects.toMatchObject(again);
    await first.close();
    await using _ = await serve('memory:taken', (frame) => frame);
  });

  test('limits hold on both sides', async () => {
    const told: unknown[] = [];
    const options = { limits: { maxMessageBytes: 200 }, onError: (error: unknown) => void told.push(error) };
    await using served = await serve('memory:small', options, () => new Uint8Array(1000));
    await using model = connect(served.address);
    await expect(model.call(new Uint8Array(500))).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
    await using bounded = connect(served.address, { limits: { maxMessageBytes: 500 } });
    await expect(bounded.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
  });

  test.each([
    ['a dialect', { dialect: dialects.seed }, 'BRIDGE_OPTION'],
    ['a pace of replies', { limits: { stallMs: 5 } }, 'BRIDGE_OPTION'],
    ['a misspelt limit', { limits: { maxMesageBytes: 5 } }, 'BRIDGE_OPTION'],
    ['a limit that is no number', { limits: { maxMessageBytes: 'five' } }, 'TRANSPORT_BAD_OPTION'],
  ])('connect rejects %s, before anything listens there', (_, options, code) => {
    expect(() => connect('memory:nobody', options as never)).toThrow(expect.objectContaining({ code }));
  });

  test.each([
    ['a dialect', { dialect: dialects.seed }, 'BRIDGE_OPTION'],
    ['a limit of connections', { limits: { maxConnections: 5 } }, 'BRIDGE_OPTION'],
    ['a limit that is no number', { limits: { maxHandlers: 'five' } }, 'TRANSPORT_BAD_OPTION'],
  ])('serve rejects %s', async (_, options, code) => {
    await expect(serve('memory:nobody', options as never, (frame) => frame)).rejects.toMatchObject({ code });
  });

  test.each(['memory:', 'memory:%zz'])('%s is no address', (address) => {
    expect(() => connect(address)).toThrow(expect.objectContaining({ code: 'BRIDGE_TARGET' }));
  });
});

test('two listeners of one name at once: the second is refused', async () => {
  const echo = (frame: AnyNdArray): AnyNdArray => frame;
  const [first, second] = await Promise.allSettled([serve('memory:once', echo), serve('memory:once', echo)]);
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'TRANSPORT_ADDRESS' } });
  if (first.status === 'fulfilled') await first.value.close();
  await using again = await serve('memory:once', echo);
  expect(again.address).toBe('memory:once');
});

test('a name with half of a surrogate pair is no address', () => {
  expect(() => connect('memory:\ud800')).toThrow(expect.objectContaining({ code: 'BRIDGE_TARGET' }));
});
