// The contract that every carrier keeps. A carrier's test file calls `carrierContract` with a way to start a listener and a carrier
// that reaches it; tests of its own cover the errors of this carrier alone.
import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { isTransportError } from '../src/errors/transport-error.ts';
import type { Carrier, Handler, HandlerContext, Listener } from '../src/exchange/carrier.ts';
import type { Message } from '../src/framing/message.ts';
import { failure } from './support/failure.ts';
import { unhandledRejections } from './support/unhandled-rejections.ts';

/** A carrier, and the listener that it reaches. */
export interface Pair {
  readonly carrier: Carrier;
  readonly listener: Listener;
}

/** The suite starts the carrier under test through this interface. */
export interface CarrierFactory {
  /** Starts a listener that answers with `handler` and reports errors to `onError`, and a carrier that reaches it. */
  listen(handler: Handler, onError?: (error: unknown, peer: string) => void): Promise<Pair>;
  /** False if the framing cannot tell an empty message from no message. Default true. */
  readonly emptyMessages?: boolean;
}

const MEGABYTE = 1_000_000;
/** After this time a disposal that never ends fails its test, so that it does not hang the run. */
const DISPOSAL_MS = 60_000;
const echo: Handler = async (request) => [request];

/** Returns bytes that differ with the seed and with the position. */
function pattern(bytes: number, seed = 1): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(bytes);
  for (let i = 0, x = seed; i < bytes; i++) {
    x = (x * 1_103_515_245 + 12_345) % 2_147_483_648;
    filled[i] = x >> 16;
  }
  return filled;
}

/** Transfers the memory of `bytes`, as posting it to a worker does. */
function transfer(bytes: Uint8Array<ArrayBuffer>): void {
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
}

/** Returns a promise and the function that resolves it. */
function gate<T = void>(): { readonly opened: Promise<T>; open(value: T): void } {
  let open!: (value: T) => void;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

function expectSameBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(actual.length).toBe(expected.length);
  expect(Buffer.compare(actual, expected)).toBe(0);
}

/** Returns the number of Node's active handles and, if the system lists them, of open file descriptors of this process. */
function openHandles(): number {
  const handles = process.getActiveResourcesInfo().filter((kind) => kind !== 'Timeout' && kind !== 'Immediate').length;
  try {
    return handles + readdirSync('/proc/self/fd').length;
  } catch {
    return handles;
  }
}

/** Adds the tests of the contract to the calling file. */
export function carrierContract(name: string, factory: CarrierFactory): void {
  /** Starts a pair that is disposed after the test. */
  async function start(handler: Handler, onError?: (error: unknown, peer: string) => void): Promise<Pair> {
    const pair = await factory.listen(handler, onError);
    onTestFinished(async () => {
      await pair.carrier[Symbol.asyncDispose]();
      await pair.listener[Symbol.asyncDispose]();
    }, DISPOSAL_MS);
    return pair;
  }

  describe(`${name}: messages`, () => {
    test.each([1, 2, 4095, 4096, 4097, 65_536, 10 * MEGABYTE])('%i bytes there and back', async (bytes) => {
      const requests: Uint8Array[] = [];
      const { carrier } = await start(async (request) => {
        requests.push(request);
        return [request];
      });
      const sent = pattern(bytes);
      const reply = await carrier.exchange([sent]);
      expectSameBytes(reply, sent);
      for (const received of [reply, ...requests]) {
        expect(received.byteOffset).toBe(0);
        expect(received.buffer.byteLength).toBe(bytes);
        expect(received.buffer).not.toBe(sent.buffer);
      }
    });

    test('an empty message there and back, or a clear error where it cannot be told from no reply', async () => {
      for (const empty of [[], [new Uint8Array(0)]] as Message[]) {
        const { carrier } = await start(async (request) => (request.length === 0 ? empty : [request]));
        const reply = await carrier.exchange(empty).catch((error: unknown) => error);
        if (factory.emptyMessages !== false) expect(reply).toEqual(new Uint8Array(0));
        else expect(isTransportError(reply, 'TRANSPORT_CLOSED_BEFORE_REPLY'), String(reply)).toBe(true);
      }
    });

    test('parts arrive in order as one message, both ways, and are left as they were', async () => {
      const whole = pattern(30_000);
      const parts = Array.from({ length: 3000 }, (_, i) => whole.subarray(10 * i, 10 * i + 10));
      const withEmpty = parts.flatMap((part, i) => (i % 100 === 0 ? [new Uint8Array(0), part] : [part]));
      const { carrier } = await start(async (request) => {
        expectSameBytes(request, whole);
        return withEmpty;
      });
      expectSameBytes(await carrier.exchange(withEmpty), whole);
      expectSameBytes(whole, pattern(30_000));
    });

    test('a reply is memory of its own: changing one changes no other', async () => {
      const { carrier } = await start(echo);
      const first = await carrier.exchange([pattern(100)]);
      const second = await carrier.exchange([pattern(100)]);
      first.fill(0);
      expectSameBytes(second, pattern(100));
    });

    test('the handler is told who asks', async () => {
      const peers: string[] = [];
      const { carrier } = await start(async (request, { peer }) => {
        peers.push(peer);
        return [request];
      });
      await carrier.exchange([pattern(1)]);
      expect(peers).toEqual([expect.stringMatching(/./)]);
    });
  });

  describe(`${name}: what is handed over`, () => {
    /** Returns bytes whose memory was transferred. */
    const transferred = (): Uint8Array => {
      const bytes = pattern(5);
      transfer(bytes);
      return bytes;
    };

    test('an invalid message is refused, and nothing is sent', async () => {
      const handler = vi.fn(echo);
      const { carrier } = await start(handler);
      const none: unknown[] = [
        undefined,
        null,
        'text',
        pattern(3),
        [Uint8Array.of(1), 5],
        [Uint8Array.of(1), undefined],
        ['text'],
        [new ArrayBuffer(3)],
        [new Uint16Array(3)],
        [Uint8Array.of(1), transferred()],
        new Set([Uint8Array.of(1)]),
        // A hole in the list of parts is invalid, and not an empty part.
        Array.from({ length: 2 }).fill(Uint8Array.of(1), 0, 1),
      ];
      for (const message of none) {
        expect(await failure(carrier.exchange(message as Message))).toMatchObject({
          name: 'TransportError',
          code: 'TRANSPORT_BAD_MESSAGE',
          fault: 'caller',
        });
      }
      expectSameBytes(await carrier.exchange([pattern(3)]), pattern(3));
      expect(handler).toHaveBeenCalledOnce();
    });

    test('bytes of any kind are a message: a Buffer, a window, shared memory', async () => {
      const { carrier } = await start(echo);
      const shared = new Uint8Array(new SharedArrayBuffer(4)).fill(7);
      expectSameBytes(
        await carrier.exchange([Buffer.from('abc'), pattern(9).subarray(3, 5), shared]),
        Buffer.concat([Buffer.from('abc'), pattern(9).subarray(3, 5), shared]),
      );
    });

    test('options: null counts as left out, and an invalid signal is refused with nothing sent', async () => {
      const handler = vi.fn(echo);
      const { carrier } = await start(handler);
      for (const options of [null, {}, { signal: null }, { signal: undefined, progress: undefined }]) {
        expectSameBytes(await carrier.exchange([pattern(3)], options as never), pattern(3));
      }
      expect(handler).toHaveBeenCalledTimes(4);
      for (const options of [5, 'now', { signal: 5 }, { signal: {} }, { signal: new Date() }, { progress: 'yes' }]) {
        expect(await failure(carrier.exchange([pattern(3)], options as never))).toMatchObject({
          name: 'TransportError',
          code: 'TRANSPORT_BAD_OPTION',
          fault: 'caller',
        });
      }
      expectSameBytes(await carrier.exchange([pattern(4)]), pattern(4));
      expect(handler).toHaveBeenCalledTimes(5);
    });

    test('a `progress` that throws does the exchange no harm', async () => {
      const { carrier } = await start(echo);
      const reason = new Error('not now');
      const thrown = unhandledRejections();
      let told = 0;
      const progress = (): void => {
        told += 1;
        throw reason;
      };
      expectSameBytes(await carrier.exchange([pattern(1000)], { progress }), pattern(1000));
      await expect.poll(() => thrown.length).toBe(told);
      for (const error of thrown) expect(error).toBe(reason);
    });

    test('memory that is transferred while it is sent: an error or the whole message, never a part of it', async () => {
      const lengths = new Set<number>();
      const { carrier } = await start(async (request) => {
        lengths.add(request.length);
        return [request];
      });
      for (let moment = 0; moment < 20; moment++) {
        const sent = pattern(50_000);
        const exchange = carrier.exchange([Uint8Array.of(9), sent]).then(
          (reply) => expectSameBytes(reply, Buffer.concat([Uint8Array.of(9), pattern(50_000)])),
          (error: unknown) => expect(error).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' }),
        );
        for (let turn = 0; turn < moment % 10; turn++) await Promise.resolve();
        if (moment >= 10) await new Promise((resolve) => process.nextTick(resolve));
        transfer(sent);
        await exchange;
      }
      expectSameBytes(await carrier.exchange([pattern(50_001)]), pattern(50_001));
      expect([...lengths]).toEqual([50_001]);
    });

    test('a handler that answers with an invalid message: the caller and onError are told, and the next caller is served', async () => {
      const errors: unknown[] = [];
      const answers: unknown[] = [null, 'text', pattern(3), [5], [transferred()], {}];
      const { carrier } = await start(
        async (request) => (request.length === 1 ? (answers[request[0] ?? 0] as Message) : [request]),
        (error) => errors.push(error),
      );
      for (const i of answers.keys()) {
        const error = await failure(carrier.exchange([Uint8Array.of(i)]));
        expect(error).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer' });
        await expect.poll(() => errors.length).toBeGreaterThan(i);
      }
      for (const error of errors) {
        expect(error).toMatchObject({ name: 'TransportError', code: 'TRANSPORT_BAD_MESSAGE', fault: 'caller' });
      }
      expectSameBytes(await carrier.exchange([pattern(8)]), pattern(8));
      expect(errors).toHaveLength(answers.length);
    });
  });

  test(`${name}: exchanges at the same time get their own replies`, async () => {
    const { carrier } = await start(async (request) => {
      // The later a message was sent, the sooner it is answered.
      await delay(20 - (request[0] ?? 0));
      return [request, request];
    });
    const sent = Array.from({ length: 20 }, (_, i) => {
      const message = pattern(1000 * (i + 1), i + 1);
      message[0] = i;
      return message;
    });
    const replies = await Promise.all(sent.map((message) => carrier.exchange([message])));
    for (const [i, reply] of replies.entries()) {
      expectSameBytes(reply, Buffer.concat([sent[i] as Uint8Array, sent[i] as Uint8Array]));
    }
  });

  describe(`${name}: giving up`, () => {
    test('before it began: the reason comes back untouched and nothing is sent', async () => {
      const handler = vi.fn(echo);
      const { carrier } = await start(handler);
      for (const reason of [new Error('never mind'), 'a string', { any: 'value' }]) {
        expect(await failure(carrier.exchange([pattern(1)], { signal: AbortSignal.abort(reason) }))).toBe(reason);
      }
      expectSameBytes(await carrier.exchange([pattern(3)]), pattern(3));
      expect(handler).toHaveBeenCalledOnce();
    });

    test('while it is answered: the reason comes back at once, and the handler is told', async () => {
      const entered = gate<HandlerContext>();
      const told = gate();
      const { carrier } = await start(async (request, context) => {
        if (request.length > 1) return [request];
        if (context.signal.aborted) told.open();
        else context.signal.addEventListener('abort', () => told.open(), { once: true });
        entered.open(context);
        await told.opened;
        return [request];
      });
      const controller = new AbortController();
      const reason = { given: 'up' };
      const exchange = failure(carrier.exchange([pattern(1)], { signal: controller.signal }));
      const { signal } = await entered.opened;
      expect(signal.aborted).toBe(false);
      controller.abort(reason);
      expect(await exchange).toBe(reason);
      await told.opened;
      expect(signal.aborted).toBe(true);
      expect(signal.reason).toMatchObject({ name: 'TransportError', code: 'TRANSPORT_CALLER_GONE' });
      expectSameBytes(await carrier.exchange([pattern(5)]), pattern(5));
    });

    test('at any moment: the reason or the whole reply, and the carrier stays usable', async () => {
      const { carrier } = await start(echo);
      const sent = pattern(MEGABYTE);
      for (let moment = 0; moment < 12; moment++) {
        const controller = new AbortController();
        const reason = new Error(`moment ${moment}`);
        const exchange = carrier.exchange([sent], { signal: controller.signal }).then(
          (reply) => expectSameBytes(reply, sent),
          (error: unknown) => expect(error).toBe(reason),
        );
        for (let turn = 0; turn < moment; turn++) await new Promise((resolve) => setImmediate(resolve));
        controller.abort(reason);
        await exchange;
      }
      expectSameBytes(await carrier.exchange([sent]), sent);
    });

    test('after the reply: nothing listens to the signal any more, and an abort has no effect', async () => {
      const { carrier } = await start(echo);
      const controller = new AbortController();
      const reply = await carrier.exchange([pattern(2)], { signal: controller.signal });
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      controller.abort();
      expectSameBytes(reply, pattern(2));
    });
  });

  describe(`${name}: the carrier's end`, () => {
    test('disposing waits for running exchanges, refuses later ones, and twice is harmless', async () => {
      const entered = gate();
      const answer = gate();
      const { carrier } = await start(async (request) => {
        entered.open();
        await answer.opened;
        return [request];
      });
      const events: string[] = [];
      const exchange = carrier.exchange([pattern(9)]).then((reply) => {
        events.push('replied');
        return reply;
      });
      await entered.opened;
      const disposed = Promise.all([carrier[Symbol.asyncDispose](), carrier[Symbol.asyncDispose]()]).then(() =>
        events.push('disposed'),
      );
      const late = await failure(carrier.exchange([pattern(1)]));
      expect(late).toMatchObject({ code: 'TRANSPORT_CLOSED', fault: 'caller' });
      expect(events).toEqual([]);
      answer.open();
      await disposed;
      expect(events).toEqual(['replied', 'disposed']);
      expectSameBytes(await exchange, pattern(9));
      await carrier[Symbol.asyncDispose]();
      expect(isTransportError(await failure(carrier.exchange([])), 'TRANSPORT_CLOSED')).toBe(true);
    });
  });

  test(`${name}: close() does the same as disposing, on both sides and in either order`, async () => {
    const { carrier, listener } = await start(echo);
    expectSameBytes(await carrier.exchange([pattern(2)]), pattern(2));
    await Promise.all([carrier.close(), carrier[Symbol.asyncDispose](), carrier.close()]);
    expect(isTransportError(await failure(carrier.exchange([pattern(2)])), 'TRANSPORT_CLOSED')).toBe(true);
    await Promise.all([listener.close(), listener[Symbol.asyncDispose](), listener.close()]);
    const { close } = listener;
    await close();
  });

  describe(`${name}: the listener's end`, () => {
    test('disposing lets the running handler finish, takes no new message, and twice is harmless', async () => {
      const entered = gate();
      const answer = gate();
      const handler = vi.fn<Handler>(async (request) => {
        entered.open();
        await answer.opened;
        return [request];
      });
      const { carrier, listener } = await start(handler);
      const exchange = carrier.exchange([pattern(7)]);
      await entered.opened;
      let over = false;
      const disposed = Promise.all([listener[Symbol.asyncDispose](), listener[Symbol.asyncDispose]()]).then(() => {
        over = true;
      });
      await new Promise((resolve) => setImmediate(resolve));
      expect(over).toBe(false);
      answer.open();
      expectSameBytes(await exchange, pattern(7));
      await disposed;
      await listener[Symbol.asyncDispose]();
      // The carrier refuses the message at once, or keeps it waiting for a listener to come; in both cases no handler runs.
      await expect(carrier.exchange([pattern(1)], { signal: AbortSignal.timeout(1000) })).rejects.toThrow();
      expect(handler).toHaveBeenCalledOnce();
    });

    test('disposing while a large reply is on its way: the reply arrives whole', async () => {
      const reply = pattern(10 * MEGABYTE);
      const answered = gate();
      const { carrier, listener } = await start(async () => {
        // This callback runs after the carrier has taken the handler's reply.
        setImmediate(answered.open);
        return [reply];
      });
      const exchange = carrier.exchange([pattern(1)]);
      await answered.opened;
      await listener[Symbol.asyncDispose]();
      expectSameBytes(await exchange, reply);
    });

    test('disposing waits for a handler whose caller has gone', async () => {
      const entered = gate();
      const finish = gate();
      const events: string[] = [];
      const { carrier, listener } = await start(async (request, { signal }) => {
        entered.open();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        events.push('told');
        await finish.opened;
        events.push('finished');
        return [request];
      });
      const controller = new AbortController();
      const exchange = failure(carrier.exchange([pattern(1)], { signal: controller.signal }));
      await entered.opened;
      controller.abort();
      await exchange;
      await expect.poll(() => events.length).toBe(1);
      const disposed = listener[Symbol.asyncDispose]().then(() => events.push('disposed'));
      await new Promise((resolve) => setImmediate(resolve));
      finish.open();
      await disposed;
      expect(events).toEqual(['told', 'finished', 'disposed']);
    });

    test('a handler that throws or rejects: the caller and onError are told, and the next caller is served', async () => {
      const reason = new Error('cannot answer that');
      const onError = vi.fn();
      const { carrier } = await start((request) => {
        if (request[0] === 1) throw reason;
        return request[0] === 2 ? Promise.reject(reason) : echo(request, {} as HandlerContext);
      }, onError);
      for (const way of [1, 2]) {
        const error = await failure(carrier.exchange([Uint8Array.of(way)]));
        expect(error).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', fault: 'peer' });
        expect(await carrier.exchange([Uint8Array.of(0)])).toEqual(Uint8Array.of(0));
        await expect.poll(() => onError.mock.calls.length).toBe(way);
        expect(onError).toHaveBeenLastCalledWith(reason, expect.any(String));
      }
    });
  });

  test(`${name}: 200 exchanges one after the other leave nothing open`, async () => {
    const { carrier } = await start(echo);
    const sent = pattern(2000);
    await carrier.exchange([sent]);
    const before = openHandles();
    for (let i = 0; i < 200; i++) await carrier.exchange([sent]);
    // The caller sees the end of the last connection before the listener does.
    await expect.poll(() => openHandles()).toBeLessThanOrEqual(before);
  });
}
