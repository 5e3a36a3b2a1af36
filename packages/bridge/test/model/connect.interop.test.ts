// Calls to the real ml_model.py in a real Python: the replies, their order, and that the model keeps running.
import { array, decode, encode, isNpyError } from '@bridge/npy';
import ndarray from 'ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startModelProcess } from '../../../../examples/demo/src/model-process.ts';
import type { RunningModel } from '../../../../examples/demo/src/running-model.ts';
import { connect, isBridgeError } from '../../src/index.ts';
import { pythons } from '../pythons.ts';
import { picture } from '../support/picture.ts';

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`ml_model.py on ${label}`, () => {
    let running: RunningModel;
    beforeAll(async () => {
      running = await startModelProcess(python ?? '');
    });
    afterAll(() => running[Symbol.asyncDispose]());

    test('an array in, an array out', async () => {
      await using model = connect(running.target);
      const boxes = await model.call(picture(100), { dtype: 'float32' });
      expect(boxes.shape).toEqual([1, 6]);
      expect([...boxes.data].slice(0, 4)).toEqual([100, 50, 30, 40]);
      expect(boxes.data.byteOffset).toBe(128);
      expect(boxes.data.buffer.byteLength).toBe(128 + 24);
    });

    test('localhost, by name', async () => {
      await using model = connect(running.target.replace('127.0.0.1', 'localhost'));
      for (let i = 0; i < 3; i++) expect((await model.call(picture(10 + i))).get(0, 0)).toBe(10 + i);
    });

    test('callers at once are queued, and each gets its own reply', async () => {
      await using model = connect(running.target);
      const xs = Array.from({ length: 24 }, (_, i) => 5 + 10 * i);
      const replies = await Promise.all(xs.map((x) => model.call(picture(x), { dtype: 'float32' })));
      expect(replies.map((boxes) => boxes.get(0, 0))).toEqual(xs);
    });

    test('every layout and byte order that the model can take', async () => {
      await using model = connect(running.target);
      const plain = picture(77);
      const wide = ndarray(new Uint8Array(640 * 240 * 3), [240, 640, 3]).step(1, 2, 1);
      for (let y = 0; y < 240; y++)
        for (let x = 0; x < 320; x++) for (let c = 0; c < 3; c++) wide.set(y, x, c, plain.get(y, x, c));
      const transposed = decode(encode(plain, { fortranOrder: true }), { dtype: 'uint8' });
      expect(transposed.stride).toEqual([1, 240, 240 * 320]);
      const replies = [
        await model.call(plain),
        await model.call(wide),
        await model.call(transposed),
        await model.call(array(plain, { dtype: 'int64' })),
        await model.call(array(plain, { dtype: 'float64' })),
      ];
      for (const boxes of replies) expect(boxes.get(0, 0)).toBe(77);
    });

    test('giving up leaves the model whole', async () => {
      await using model = connect(running.target);
      const reason = new Error('enough');
      for (let i = 0; i < 20; i++) {
        const giveUp = new AbortController();
        const calls = [
          model.call(picture(20), { signal: giveUp.signal }),
          model.call(picture(21), { signal: giveUp.signal }),
        ];
        // The caller gives up before the first byte, while the message is being sent, or while the model works.
        if (i % 3 === 1) await new Promise((resolve) => setImmediate(resolve));
        if (i % 3 === 2) await new Promise((resolve) => setTimeout(resolve, 1));
        giveUp.abort(reason);
        for (const call of calls)
          await call.then(
            (boxes) => expect(boxes.shape).toEqual([1, 6]),
            (error) => expect(error).toBe(reason),
          );
      }
      const late = model.call(picture(30, 1920, 1080), { timeoutMs: 1 }).catch((error: unknown) => error);
      expect(isBridgeError(await late, 'BRIDGE_TIMEOUT')).toBe(true);
      expect((await model.call(picture(31))).get(0, 0)).toBe(31);
      expect(await running.untouched()).toBe(true);
    });

    test.each([
      ['waits for its turn', 'queued'],
      ['is made, in the same tick', 'same tick'],
      ['is being connected', 'connecting'],
    ])('a frame whose memory is transferred while its call %s costs that call and nothing else', async (_, when) => {
      await using model = connect(running.target);
      const frame = picture(50);
      const before = when === 'queued' ? model.call(picture(49)) : undefined;
      const call = model.call(frame).catch((error: unknown) => error);
      if (when === 'connecting') for (let turn = 0; turn < 6; turn++) await Promise.resolve();
      structuredClone(frame.data.buffer, { transfer: [frame.data.buffer as ArrayBuffer] });
      expect(await call).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
      if (before) expect((await before).get(0, 0)).toBe(49);
      expect((await model.call(picture(51))).get(0, 0)).toBe(51);
      expect(await running.untouched()).toBe(true);
    });

    test('what cannot be encoded, or is not what was asked for, is refused here', async () => {
      await using model = connect(running.target);
      const words = model.call([() => 'no value'] as never).catch((error: unknown) => error);
      expect(isNpyError(await words, 'NPY_ARRAY')).toBe(true);
      const other = model.call(picture(1), { dtype: 'int32' }).catch((error: unknown) => error);
      expect(isNpyError(await other, 'NPY_DTYPE')).toBe(true);
      expect(await running.untouched()).toBe(true);
    });

    test('a closed model rejects what waits and what comes, and finishes what it began', async () => {
      const model = connect(running.target);
      const begun = model.call(picture(40));
      const waiting = model.call(picture(41)).catch((error: unknown) => error);
      const closed = model.close();
      await model.close();
      expect((await begun).get(0, 0)).toBe(40);
      expect(isBridgeError(await waiting, 'BRIDGE_CLOSED')).toBe(true);
      await closed;
      const after = model.call(picture(42)).catch((error: unknown) => error);
      expect(isBridgeError(await after, 'BRIDGE_CLOSED')).toBe(true);
      expect(await running.untouched()).toBe(true);
    });
  });
}
