// Calls by a lane to the real ml_model.py and to servers of other kinds: the replies, the effect on other callers of the same
// server, and the errors if the server dies.
import { existsSync, readdirSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { array, decode, encodeParts } from '@bridge/npy';
import { uintLength, untilClose } from '@bridge/transport';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { failure } from '../../../transport/test/support/failure.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { connect } from '../../src/index.ts';
import { type Lane, lane, openLane } from '../../src/lane/lane.ts';
import { pythons } from '../pythons.ts';
import { picture } from '../support/picture.ts';
import { faults } from './faults.ts';
import { type ShimmedModel, startShimmed, type Where } from './shimmed-model.ts';

/** Returns the x at which the model found the rectangle. */
const foundAt = (reply: Uint8Array): number => decode(reply, { dtype: 'float32' }).get(0, 0);

function pattern(bytes: number, seed = 1): Uint8Array {
  const filled = new Uint8Array(bytes);
  for (let i = 0, x = seed; i < bytes; i++) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    filled[i] = x >> 16;
  }
  return filled;
}

/** The dialect of the servers in models.py: ten digits before a request, and a reply that ends with its connection. */
const reversing = { request: dialects.seed.request, reply: untilClose() };
const reversed = (bytes: Uint8Array): Uint8Array => bytes.slice().reverse();

for (const [label, found] of pythons) {
  const python = found ?? '';

  /** Starts a model and opens a lane to it, until the end of the test. */
  async function start(
    options: Parameters<typeof startShimmed>[1] & { readonly lane?: Parameters<ShimmedModel['open']>[0] } = {},
  ): Promise<{ model: ShimmedModel; carrier: Lane }> {
    const model = await startShimmed(python, options);
    onTestFinished(() => model[Symbol.asyncDispose]());
    const carrier = await model.open({ ...(options.server && { dialect: reversing }), ...options.lane });
    return { model, carrier };
  }

  describe.skipIf(!found)(`the lane on ${label}`, () => {
    test.each(['memory', 'disk'] as Where[])('an array in, an array out; the folder on %s', async (where) => {
      const { model, carrier } = await start({ where });
      const { pid, python: version } = await carrier.opened();
      expect(pid).toBe(model.child.pid);
      expect(version).toMatch(/^3\.\d+\.\d+$/);
      await using called = connect(carrier);
      for (const [width, height] of [
        [320, 240],
        [640, 480],
        [1920, 1080],
        [320, 240],
      ] as const) {
        const boxes = await called.call(picture(100, width, height), { dtype: 'float32' });
        expect(boxes.shape).toEqual([1, 6]);
        expect([...boxes.data].slice(0, 4)).toEqual([100, 50, 30, 40]);
        expect(boxes.data.buffer.byteLength).toBe(128 + 24);
      }
      await called.close();
      // The model waits for the next host, and no lent file is left.
      expect(readdirSync(dirname(model.path))).toEqual(['lane.sock']);
      expect(foundAt(await (await model.open()).exchange(encodeParts(picture(3))))).toBe(3);
    });

    test('callers at once, each with its own reply, in order', async () => {
      const { carrier } = await start();
      const order: number[] = [];
      const xs = Array.from({ length: 60 }, (_, i) => 4 * i);
      const replies = xs.map(async (x, i) => {
        const small = i % 3 === 0;
        const reply = await carrier.exchange(encodeParts(small ? picture(x, 320, 100) : picture(x, 640, 480)));
        order.push(x);
        return foundAt(reply);
      });
      expect(await Promise.all(replies)).toEqual(xs);
      expect(order).toEqual(xs);
    });

    test('behind the guard, two under way, in a stream', async () => {
      const { model, carrier } = await start();
      await using called = connect(carrier, { inFlight: 2, retryMs: 60_000 });
      const xs = Array.from({ length: 40 }, (_, i) => 5 * i);
      const frames = xs.map((x) => picture(x, 640, 480));
      const found: number[] = [];
      for await (const { output } of called.stream(frames, { dtype: 'float32' })) found.push(output.get(0, 0));
      expect(found).toEqual(xs);
      expect(called.stats).toMatchObject({ calls: 40, answered: 40, failures: {} });
      const words = array([1, 2, 3], { dtype: 'int32' });
      const [fatal, behind] = [called.call(words), called.call(picture(1))].map((call) =>
        call.catch((error: unknown) => error),
      );
      expect(await fatal).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { died: true } });
      // The model has provably not seen the second call, so it is sent again as soon as a model serves the lane.
      const next = await startShimmed(python, { path: model.path });
      onTestFinished(() => next[Symbol.asyncDispose]());
      expect(await behind).toMatchObject({ shape: [1, 6] });
      expect((await called.call(picture(2))).get(0, 0)).toBe(2);
    });

    test.each(['memory', 'disk'] as Where[])('99 MB frames; the folder on %s', async (where) => {
      const { carrier } = await start({ where });
      const frame = array(picture(500, 3840, 2160), { dtype: 'float32' });
      const replies = [1, 2].map(() => carrier.exchange(encodeParts(frame)));
      for (const reply of await Promise.all(replies)) expect(foundAt(reply)).toBe(500);
    });

    test.each([
      ['memory', 'memory', undefined],
      ['the socket', 'memory', Number.POSITIVE_INFINITY],
      ['the socket, on disk', 'disk', undefined],
      ['memory from one byte on', 'memory', 1],
    ] as [string, Where, number | undefined][])(
      'requests and replies of every size by %s',
      async (_, where, memoryBytes) => {
        const { carrier } = await start({
          server: 'closing',
          where,
          lane: memoryBytes === undefined ? {} : { memoryBytes },
        });
        const sizes = [
          1, 4096, 65_520, 65_536, 65_537, 131_072, 262_143, 262_144, 1_000_000, 5_000_000, 2, 40_000_000, 3,
        ];
        const all = sizes.map((size, i) => pattern(size, i + 1));
        for (const sent of all.slice(0, 6))
          expect(Buffer.compare(await carrier.exchange([sent]), reversed(sent))).toBe(0);
        const replies = await Promise.all(all.map((sent) => carrier.exchange([sent.subarray(0, 1), sent.subarray(1)])));
        for (const [i, reply] of replies.entries()) {
          expect(Buffer.compare(reply, reversed(all[i] ?? new Uint8Array()))).toBe(0);
          expect(reply.buffer.byteLength).toBe(reply.length);
        }
      },
    );

    test('a server with another header', async () => {
      const dialect = { request: uintLength({ bytes: 4 }), reply: untilClose() };
      const { carrier } = await start({ server: 'four_bytes', lane: { dialect } });
      for (const sent of [pattern(5), pattern(300_000)]) expect(await carrier.exchange([sent])).toEqual(reversed(sent));
    });

    describe('while frames flow, on its TCP port:', () => {
      let model: ShimmedModel;
      let carrier: Lane;
      beforeAll(async () => {
        model = await startShimmed(python);
        carrier = await model.open();
      });
      afterAll(() => model[Symbol.asyncDispose]());

      test.each(Object.entries(faults))('%s', async (_, fault) => {
        let over = false;
        let frames = 0;
        const flow = async (): Promise<void> => {
          for (let x = 0; !over; x = (x + 1) % 200, frames++) {
            expect(foundAt(await carrier.exchange(encodeParts(picture(x))))).toBe(x);
          }
        };
        const flowing = Promise.all([flow(), flow()]);
        await fault(model.port);
        const before = frames;
        await expect.poll(() => frames).toBeGreaterThan(before + 4);
        over = true;
        await flowing;
        // The fault happens once more, while the model has nothing to do.
        await fault(model.port);
        expect(foundAt(await carrier.exchange(encodeParts(picture(7))))).toBe(7);
        expect(model.ended.aborted).toBe(false);
        expect((await carrier.opened()).pid).toBe(model.child.pid);
      });
    });

    test('giving up at any moment: the reason comes at once, the model and the lane stay whole', async () => {
      const { model, carrier } = await start();
      for (let moment = 0; moment < 30; moment++) {
        const controller = new AbortController();
        const reason = new Error(`moment ${moment}`);
        // Node writes the first array to the file in another thread.
        const frames = [picture(1, 2560, 1440), picture(2, 200, 100), picture(3, 640, 480)];
        const calls = frames.map((frame) => carrier.exchange(encodeParts(frame), { signal: controller.signal }));
        for (let turn = 0; turn < moment; turn++) await new Promise((resolve) => setImmediate(resolve));
        controller.abort(reason);
        for (const [i, call] of calls.entries()) {
          await call.then(
            (reply) => expect(foundAt(reply)).toBe(i + 1),
            (error: unknown) => expect(error).toBe(reason),
          );
        }
      }
      expect(await carrier.exchange([], { signal: AbortSignal.abort('no') }).catch((error: unknown) => error)).toBe(
        'no',
      );
      expect(foundAt(await carrier.exchange(encodeParts(picture(9))))).toBe(9);
      expect(model.ended.aborted).toBe(false);
    });

    test('the caller is told what the model died of; messages that it never took have another error', async () => {
      const { model, carrier } = await start();
      const words = encodeParts(array([1, 2, 3], { dtype: 'int32' }));
      const [first, fatal, ...behind] = [
        encodeParts(picture(5)),
        words,
        words,
        encodeParts(picture(6, 1920, 1080)),
      ].map((message) => carrier.exchange(message));
      const errors = [fatal, ...behind].map((call) => failure(call ?? Promise.resolve()));
      expect(foundAt((await first) ?? new Uint8Array())).toBe(5);
      const [died, ...unseen] = await Promise.all(errors);
      expect(died).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer', detail: { died: true } });
      expect(died?.message).toContain('ValueError: expected a picture of H x W or H x W x 3, got shape (3,)');
      const traceback = died?.detail['traceback'] as string[];
      expect(traceback.at(-1)).toMatch(/^ValueError/);
      expect(traceback.some((line) => line.includes('detect'))).toBe(true);
      for (const error of unseen) expect(error).toMatchObject({ code: 'TRANSPORT_REFUSED', fault: 'environment' });
      await expect.poll(() => model.ended.aborted).toBe(true);
      expect(model.errors()).toContain(traceback.at(-1));
      // No model is reachable until a new one listens at the same path.
      expect(await failure(carrier.exchange(words))).toMatchObject({ code: 'TRANSPORT_REFUSED' });
      const next = await startShimmed(python, { path: model.path });
      onTestFinished(() => next[Symbol.asyncDispose]());
      await (await next.open())[Symbol.asyncDispose]();
      expect(foundAt(await carrier.exchange(encodeParts(picture(8))))).toBe(8);
    });

    test('kill -9, with frames on their way', async () => {
      const { model, carrier } = await start();
      await carrier.exchange(encodeParts(picture(1, 3840, 2160)));
      // The model's process is stopped, so that it answers no call.
      model.child.kill('SIGSTOP');
      const calls = [2, 3, 4].map((x) => failure(carrier.exchange(encodeParts(picture(x, 3840, 2160)))));
      await new Promise((resolve) => setImmediate(resolve));
      model.child.kill('SIGKILL');
      const codes = (await Promise.all(calls)).map(({ code }) => code);
      // The model may have seen the first message; it has provably not seen the last.
      expect(codes.at(-1)).toBe('TRANSPORT_REFUSED');
      expect(new Set(codes).isSubsetOf(new Set(['TRANSPORT_CLOSED_BEFORE_REPLY', 'TRANSPORT_REFUSED']))).toBe(true);
    });

    test('a model that ends at once is not waited for', async () => {
      const model = await startShimmed(python, { server: 'there_is_none' });
      onTestFinished(() => model[Symbol.asyncDispose]());
      const error = await model.open().catch((reason: unknown) => reason);
      expect(String(error)).toContain("KeyError: 'there_is_none'");
    });

    test('a message that is not answered, by a model that lives', async () => {
      const { carrier } = await start({ server: 'careless' });
      const no = failure(carrier.exchange([Buffer.from('no')]));
      const yes = carrier.exchange([Buffer.from('yes')]);
      expect(await no).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { unanswered: true } });
      expect(Buffer.from(await yes).toString()).toBe('sey');
    });

    test('memory that is gone before the model says hello', async () => {
      const { model, carrier } = await start({ server: 'closing' });
      await carrier.close();
      const other = lane(model.path, { dialect: reversing });
      onTestFinished(() => other.close());
      const sent = pattern(1000);
      const gone = failure(other.exchange([Buffer.from('a'), sent]));
      const kept = other.exchange([pattern(2000)]);
      structuredClone(sent.buffer, { transfer: [sent.buffer as ArrayBuffer] });
      expect(await gone).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', detail: { expected: 1011, actual: 11 } });
      expect(await kept).toEqual(reversed(pattern(2000)));
      expect(await failure(other.exchange('text' as never))).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE' });
    });

    test('two hosts: the second one is told', async () => {
      const { model, carrier } = await start();
      const other = lane(model.path, { dialect: dialects.seed });
      onTestFinished(() => other[Symbol.asyncDispose]());
      const refused = await failure(other.exchange(encodeParts(picture(1))));
      expect(refused).toMatchObject({ code: 'TRANSPORT_UNREACHABLE', detail: { busy: true } });
      expect(foundAt(await carrier.exchange(encodeParts(picture(2))))).toBe(2);
      await carrier[Symbol.asyncDispose]();
      expect(foundAt(await other.exchange(encodeParts(picture(3))))).toBe(3);
    });

    test('closing finishes the messages that were begun', async () => {
      const { model, carrier } = await start();
      const calls = [1, 2, 3].map((x) => carrier.exchange(encodeParts(picture(x, 640, 480))));
      const closing = carrier[Symbol.asyncDispose]();
      expect(await failure(carrier.exchange(encodeParts(picture(1))))).toMatchObject({ code: 'TRANSPORT_CLOSED' });
      expect((await Promise.all(calls)).map(foundAt)).toEqual([1, 2, 3]);
      await closing;
      expect(await failure(carrier.opened())).toMatchObject({ code: 'TRANSPORT_CLOSED' });
      await carrier[Symbol.asyncDispose]();
      expect(model.ended.aborted).toBe(false);
    });

    test('a model that declines says why, and is called by TCP', async () => {
      for (const [server, reason] of [
        ['with_asyncio', 'its socket does not wait'],
        ['threading_tcp_server', 'it asks for its file descriptor'],
      ] as const) {
        const model = await startShimmed(python, { server });
        onTestFinished(() => model[Symbol.asyncDispose]());
        const declined = await failure(model.open());
        expect(declined).toMatchObject({ code: 'TRANSPORT_UNREACHABLE', detail: { declined: reason } });
        const { tcp } = await import('@bridge/transport/tcp');
        await using plain = tcp({ host: '127.0.0.1', port: model.port }, { dialect: reversing });
        expect(await plain.exchange([pattern(10_000)])).toEqual(reversed(pattern(10_000)));
      }
    });

    test('a model that declines behind a message: it is answered, and what follows was never taken', async () => {
      // The reply's framing has a length, because this model closes a connection only when the next caller connects.
      const dialect = { request: dialects.seed.request, reply: dialects.seed.reply };
      const { carrier } = await start({ server: 'echoing_pool', lane: { dialect } });
      const calls = [1, 2, 3].map((x) => carrier.exchange(encodeParts(picture(x, 640, 480))));
      const behind = calls.slice(1).map(failure);
      expect(decode((await calls[0]) ?? new Uint8Array()).shape).toEqual([480, 640, 3]);
      for (const error of await Promise.all(behind)) {
        expect(error).toMatchObject({
          code: 'TRANSPORT_UNREACHABLE',
          detail: { declined: 'it uses recv of a connection' },
        });
      }
    });

    test('a host that takes the lane away', async () => {
      const model = await startShimmed(python);
      onTestFinished(() => model[Symbol.asyncDispose]());
      await expect.poll(() => existsSync(model.path)).toBe(true);
      unlinkSync(model.path);
      await expect.poll(() => existsSync(`${model.path}.declined`)).toBe(true);
      await using plain = connect(`tcp://127.0.0.1:${model.port}`);
      expect((await plain.call(picture(11))).get(0, 0)).toBe(11);
      const late = openLane(model.path, { dialect: dialects.seed, signal: model.ended });
      expect(await failure(late)).toMatchObject({ detail: { declined: 'the host removed the socket of the lane' } });
    });
  });
}
