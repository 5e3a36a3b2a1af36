// The contract that every listener keeps with its callers and its own program, over every carrier: the limits of AnswerLimits, each
// with its error, and a close() that resolves. A carrier's test file calls `answeringContract` with a way to start a listener and a
// carrier that reaches it. listen-limits.test.ts tests the limits on connections.
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AnswerLimits } from '../src/answering/answer-limits.ts';
import type { Handler, HandlerContext } from '../src/exchange/carrier.ts';
import type { Pair } from './carrier-contract.ts';
import { failure } from './support/failure.ts';
import { unhandledRejections } from './support/unhandled-rejections.ts';

/** The suite starts the listener under test through this interface. */
export interface ListenerFactory {
  /** Starts a listener with these limits, and a carrier that reaches it. The carrier allows any number of exchanges at once. */
  listen(
    handler: Handler,
    limits: Partial<AnswerLimits>,
    onError: (error: unknown, peer: string) => void,
  ): Promise<Pair>;
}

interface Told {
  readonly error: unknown;
  readonly peer: string;
}

const NEVER = new Promise<never>(() => {});
const LOST = { code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { replyBytes: 0 } };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (message: Uint8Array): string => new TextDecoder().decode(message);
const echo: Handler = async (request) => [request];

/** Returns a handler that answers each request when the test calls its `finish`. */
function held(): { handler: Handler; running: { text: string; context: HandlerContext; finish: () => void }[] } {
  const running: { text: string; context: HandlerContext; finish: () => void }[] = [];
  const handler: Handler = async (request, context) => {
    await new Promise<void>((finish) => running.push({ text: textOf(request), context, finish }));
    return [request];
  };
  return { handler, running };
}

/** Adds the tests of the contract to the calling file. */
export function answeringContract(name: string, factory: ListenerFactory): void {
  async function start(handler: Handler, limits: Partial<AnswerLimits>): Promise<Pair & { told: Told[] }> {
    const told: Told[] = [];
    // close() waits only briefly for requests that a test leaves unanswered.
    const quick = { closeMs: 50, ...limits };
    const pair = await factory.listen(handler, quick, (error, peer) => void told.push({ error, peer }));
    onTestFinished(async () => {
      await pair.listener.close();
      await pair.carrier.close();
    });
    return { ...pair, told };
  }

  const expectServed = async ({ carrier }: Pair): Promise<void> => {
    expect(textOf(await carrier.exchange([bytes('still there?')]))).toBe('still there?');
  };

  describe(`${name}: handlers`, () => {
    test('maxHandlers work at once, the rest waits in order, and maxQueued wait at most', async () => {
      const { handler, running } = held();
      const pair = await start(handler, { maxHandlers: 2, maxQueued: 1 });
      const one = pair.carrier.exchange([bytes('one')]);
      const two = pair.carrier.exchange([bytes('two')]);
      await expect.poll(() => running.length).toBe(2);
      // One of the two requests waits, and the listener refuses the other one. Over sockets either may arrive first.
      const asked = ['three', 'four'].map((text) =>
        pair.carrier.exchange([bytes(text)]).then(textOf, (error) => error),
      );
      expect(await Promise.race(asked)).toMatchObject(LOST);
      expect(pair.told).toMatchObject([
        {
          error: {
            code: 'TRANSPORT_OVERLOADED',
            fault: 'environment',
            detail: { address: pair.listener.address, limit: 'maxQueued', value: 1 },
          },
          peer: expect.any(String),
        },
      ]);
      expect(running.map(({ text }) => text).sort()).toEqual(['one', 'two']);
      running.find(({ text }) => text === 'one')?.finish();
      expect(textOf(await one)).toBe('one');
      await expect.poll(() => running.length).toBe(3);
      for (const { finish } of running) finish();
      expect(textOf(await two)).toBe('two');
      expect((await Promise.all(asked)).filter((answer) => answer === running[2]?.text)).toHaveLength(1);
    });

    test('handlerMs: the signal of a late handler is aborted, its caller is let go of, and its place is free', async () => {
      const contexts: HandlerContext[] = [];
      const pair = await start(
        async (request, context) => {
          if (textOf(request) !== 'never') return [request];
          contexts.push(context);
          return await NEVER;
        },
        { maxHandlers: 1, handlerMs: 500 },
      );
      for (let i = 1; i <= 2; i++) {
        expect(await failure(pair.carrier.exchange([bytes('never')]))).toMatchObject(LOST);
        await expect.poll(() => pair.told.length).toBe(i);
        expect(pair.told.at(-1)?.error).toMatchObject({
          code: 'TRANSPORT_HANDLER_LATE',
          fault: 'caller',
          detail: { address: pair.listener.address, handlerMs: 500 },
        });
        expect(contexts).toHaveLength(i);
        expect(contexts.at(-1)?.signal.reason).toBe(pair.told.at(-1)?.error);
        await expectServed(pair);
      }
    });

    test('a handler that answers, or throws, when nobody waits any more changes nothing', async () => {
      const late = Promise.withResolvers<void>();
      const pair = await start(
        async (request) => {
          if (textOf(request) === 'still there?') return [request];
          await late.promise;
          if (textOf(request) === 'throws') throw new Error('too late');
          return [request];
        },
        { handlerMs: 20 },
      );
      for (const text of ['throws', 'answers'])
        expect(await failure(pair.carrier.exchange([bytes(text)]))).toMatchObject(LOST);
      await expect.poll(() => pair.told.length).toBe(2);
      late.resolve();
      expect(pair.told.map(({ error }) => (error as { code: string }).code)).toEqual([
        'TRANSPORT_HANDLER_LATE',
        'TRANSPORT_HANDLER_LATE',
      ]);
    });

    test('a handler that throws: its caller is let go of, onError is told what it threw, and others are served', async () => {
      const broken = new Error('broken');
      const pair = await start(async (request) => {
        if (textOf(request) === 'break') throw broken;
        return [request];
      }, {});
      expect(await failure(pair.carrier.exchange([bytes('break')]))).toMatchObject(LOST);
      await expect.poll(() => pair.told).toMatchObject([{ error: broken, peer: expect.any(String) }]);
      await expectServed(pair);
    });

    test('the request of a caller that leaves while it waits is handled all the same, and the signal says so', async () => {
      const { handler, running } = held();
      const pair = await start(handler, { maxHandlers: 1, maxQueued: 1 });
      const first = pair.carrier.exchange([bytes('first')]);
      await expect.poll(() => running.length).toBe(1);
      const control = new AbortController();
      const sent = Promise.withResolvers<void>();
      const leaver = failure(
        pair.carrier.exchange([bytes('leaver')], {
          signal: control.signal,
          progress: (step) => step === 'sent' && sent.resolve(),
        }),
      );
      await sent.promise;
      // The listener refuses the request that comes after it, which shows that it waits.
      expect(await failure(pair.carrier.exchange([bytes('one too many')]))).toMatchObject(LOST);
      control.abort('enough');
      expect(await leaver).toBe('enough');
      await expect.poll(() => pair.told.length).toBe(2);
      expect(pair.told.map(({ error }) => (error as { code: string }).code)).toEqual([
        'TRANSPORT_OVERLOADED',
        'TRANSPORT_CALLER_GONE',
      ]);
      running[0]?.finish();
      expect(textOf(await first)).toBe('first');
      await expect.poll(() => running.length).toBe(2);
      expect(running[1]).toMatchObject({ text: 'leaver', context: { signal: { aborted: true } } });
      expect(running[1]?.context.signal.reason).toBe(pair.told[1]?.error);
      running[1]?.finish();
    });
  });

  describe(`${name}: memory`, () => {
    test('maxMessageBytes: one byte more is handled by nobody', async () => {
      const handler = vi.fn(echo);
      const pair = await start(handler, { maxMessageBytes: 12 });
      await expectServed(pair);
      // Over a socket only the listener can measure the message, and the caller's connection is closed.
      expect(await failure(pair.carrier.exchange([new Uint8Array(13)]))).toMatchObject({
        code: expect.stringMatching(/^TRANSPORT_(TOO_LARGE|CLOSED_BEFORE_REPLY)$/),
      });
      expect(handler).toHaveBeenCalledOnce();
      await expectServed(pair);
    });

    test('maxHeldBytes: requests that are being answered count, and are closed for nobody', async () => {
      const { handler, running } = held();
      const pair = await start(handler, { maxHeldBytes: 300_000 });
      const first = pair.carrier.exchange([new Uint8Array(200_000)]);
      await expect.poll(() => running.length).toBe(1);
      expect(await failure(pair.carrier.exchange([new Uint8Array(150_000)]))).toMatchObject({
        code: expect.stringMatching(/^TRANSPORT_CLOSED_/),
      });
      await expect.poll(() => pair.told.length).toBe(1);
      expect(pair.told).toMatchObject([
        { error: { code: 'TRANSPORT_OVERLOADED', detail: { limit: 'maxHeldBytes', value: 300_000 } } },
      ]);
      running[0]?.finish();
      expect(await first).toHaveLength(200_000);
      const second = pair.carrier.exchange([new Uint8Array(150_000)]);
      await expect.poll(() => running.length).toBe(2);
      running[1]?.finish();
      expect(await second).toHaveLength(150_000);
    });
  });

  describe(`${name}: the listener's end`, () => {
    test('waits for what is being answered, and nothing else is taken', async () => {
      const { handler, running } = held();
      const pair = await start(handler, { closeMs: 60_000 });
      const under = pair.carrier.exchange([bytes('under way')]);
      await expect.poll(() => running.length).toBe(1);
      const closed = pair.listener.close();
      expect(await failure(pair.carrier.exchange([bytes('late')]))).toMatchObject({ code: 'TRANSPORT_REFUSED' });
      running[0]?.finish();
      expect(textOf(await under)).toBe('under way');
      await closed;
      expect(pair.told).toEqual([]);
    });

    test('comes after closeMs, whatever a handler does: signals are aborted, callers are let go of', async () => {
      const contexts: HandlerContext[] = [];
      const pair = await start(
        async (_, context) => {
          contexts.push(context);
          return await NEVER;
        },
        { maxHandlers: 1, maxQueued: 1, closeMs: 40 },
      );
      const asked = [1, 2].map(() => failure(pair.carrier.exchange([bytes('never')])));
      await expect.poll(() => contexts.length).toBe(1);
      await pair.listener.close();
      for (const error of await Promise.all(asked))
        expect(error).toMatchObject({ code: expect.stringMatching(/^TRANSPORT_(CLOSED_BEFORE_REPLY|REFUSED)$/) });
      expect(contexts[0]?.signal.reason).toMatchObject({ code: 'TRANSPORT_CLOSED', detail: { closeMs: 40 } });
      await pair.listener.close();
    });

    test('a handler that waits for its own listener to close is not waited for for ever', async () => {
      const entered = Promise.withResolvers<void>();
      let own: Pair | undefined;
      const pair = await start(
        async (request) => {
          entered.resolve();
          await own?.listener.close();
          return [request];
        },
        { closeMs: 30 },
      );
      own = pair;
      const asked = failure(pair.carrier.exchange([bytes('close')]));
      await entered.promise;
      await pair.listener.close();
      expect(await asked).toMatchObject(LOST);
    });
  });

  test(`${name}: an onError that throws costs no caller anything`, async () => {
    const thrown = unhandledRejections();
    const reason = new Error('cannot be told');
    const pair = await factory.listen(
      async (request) => (textOf(request) === 'break' ? Promise.reject(new Error('broken')) : [request]),
      {},
      () => {
        throw reason;
      },
    );
    onTestFinished(() => pair.listener.close());
    expect(await failure(pair.carrier.exchange([bytes('break')]))).toMatchObject(LOST);
    await expect.poll(() => thrown).toEqual([reason]);
    await expectServed(pair);
    await pair.carrier.close();
  });

  test(`${name}: an invalid limit, or an unknown one, is refused`, async () => {
    const limits = [{ maxHandlers: 0 }, { handlerMs: 0 }, { closeMs: -1 }, { maxQueued: 'x' }, { maxHandler: 5 }];
    for (const each of limits)
      expect(await failure(factory.listen(echo, each as Partial<AnswerLimits>, () => {}))).toMatchObject({
        code: 'TRANSPORT_BAD_OPTION',
        fault: 'caller',
      });
  });
}
