// Hostile and failing callers reach each limit of a listener. The error names the limit, and only that caller's connection is
// closed. No test measures time.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { resolveListenLimits } from '../../src/answering/listen-limits.ts';
import { listenTcp } from '../../src/carriers/tcp/tcp.ts';
import type { TransportError } from '../../src/errors/transport-error.ts';
import type { Handler, HandlerContext, Listener } from '../../src/exchange/carrier.ts';
import { memoryAskedFor } from '../support/memory-asked-for.ts';
import { everything, rawClient } from '../support/raw-peer.ts';
import { dialect, echo, expectServed, framed, replied, tcpListener } from '../support/tcp-listener.ts';

const NEVER = new Promise<never>(() => {});
/**
 * The limit for silent callers, in tests that serve another caller meanwhile: even a busy machine serves that one within this time.
 */
const SILENT_MS = 500;

/** Sends `bytes` one at a time, with a pause of `ms` after each, while the connection is open. */
function drip(socket: Socket, bytes: Buffer, ms: number): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at < bytes.length && socket.writable) socket.write(bytes.subarray(at, ++at));
    else clearInterval(timer);
  }, ms);
  onTestFinished(() => clearInterval(timer));
}

describe('slow callers', () => {
  test('a caller that connects and sends nothing', async () => {
    const { listener, told } = await tcpListener(echo, { firstByteMs: SILENT_MS });
    const silent = await rawClient(listener.address);
    expect(await everything(silent)).toHaveLength(0);
    expect(told).toMatchObject([
      {
        error: {
          code: 'TRANSPORT_TOO_SLOW',
          fault: 'peer',
          message: `${listener.address}: the caller sent nothing for ${SILENT_MS} ms: its first byte was due`,
          detail: { address: listener.address, limit: 'firstByteMs', limitMs: SILENT_MS, what: 'first byte' },
        },
      },
    ]);
    await expectServed(listener);
  });

  test.each([
    ['the head', '12'],
    ['the message', '12        abc'],
  ])('a caller that stops inside %s', async (_, part) => {
    const handler = vi.fn(echo);
    const { listener, told } = await tcpListener(handler, { stallMs: 30 });
    const half = await rawClient(listener.address);
    half.write(part);
    expect(await everything(half)).toHaveLength(0);
    expect(told).toMatchObject([
      { error: { code: 'TRANSPORT_TOO_SLOW', detail: { limit: 'stallMs', what: 'request', bytes: part.length } } },
    ]);
    expect(handler).not.toHaveBeenCalled();
    await expectServed(listener);
  });

  test('a caller that sends a byte now and then, without end', async () => {
    const { listener, told } = await tcpListener(echo, { stallMs: 100, stallBytes: 1000 });
    const slow = await rawClient(listener.address);
    drip(slow, framed('x'.repeat(1_000_000)), 5);
    await everything(slow);
    expect(told).toMatchObject([{ error: { code: 'TRANSPORT_TOO_SLOW', detail: { what: 'request' } } }]);
    await expectServed(listener);
  });

  test('a caller that is slow, and fast enough, is served, although it takes several times the limit', async () => {
    const { listener, told } = await tcpListener(echo, { stallMs: SILENT_MS, stallBytes: 1 });
    const slow = await rawClient(listener.address);
    drip(slow, framed('x'.repeat(20)), SILENT_MS / 10);
    expect(await everything(slow)).toEqual(replied('x'.repeat(20)));
    expect(told).toEqual([]);
  });

  test('a caller that does not read its reply', async () => {
    const large = new Uint8Array(20_000_000);
    const { listener, told } = await tcpListener(async (request) => (request.length === 4 ? [large] : [request]), {
      takeMs: 60,
    });
    const deaf = await rawClient(listener.address);
    deaf.pause();
    deaf.write(framed('deaf'));
    await expect.poll(() => told.length).toBeGreaterThan(0);
    expect(told).toMatchObject([{ error: { code: 'TRANSPORT_TOO_SLOW', detail: { what: 'reply', limit: 'takeMs' } } }]);
    await expectServed(listener);
  });

  test('a caller that reads a large reply slowly gets all of it', async () => {
    const large = new Uint8Array(20_000_000).fill(5);
    // The kernel takes a reply in pieces of up to about two megabytes, and the listener only notices progress when a piece was
    // taken.
    const { listener, told } = await tcpListener(async () => [large], { takeMs: 2000 });
    const slow = await rawClient(listener.address);
    slow.write(framed('more'));
    let bytes = 0;
    slow.on('data', (chunk) => {
      bytes += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 10);
    });
    await once(slow, 'end');
    expect(bytes).toBe(4 + large.length);
    expect(told).toEqual([]);
  });

  test('a kept connection on which no further message comes', async () => {
    const { listener, told } = await tcpListener(echo, { idleMs: 30 }, { oneMessage: false });
    const idle = await rawClient(listener.address);
    idle.write(framed('once'));
    expect(await everything(idle)).toEqual(replied('once'));
    expect(told).toMatchObject([{ error: { code: 'TRANSPORT_TOO_SLOW', detail: { limit: 'idleMs' } } }]);
  });

  test('a kept connection may be silent for longer than any limit but idleMs', async () => {
    const limits = { firstByteMs: SILENT_MS, stallMs: SILENT_MS };
    const { listener, told } = await tcpListener(echo, limits, { oneMessage: false });
    const kept = await rawClient(listener.address);
    kept.write(framed('one'));
    await once(kept, 'data');
    // Meanwhile the listener closes two later callers, one that sends nothing and one that sends half of a message.
    const silent = await rawClient(listener.address);
    const half = await rawClient(listener.address);
    half.write('12        abc');
    await Promise.all([everything(silent), everything(half)]);
    kept.write(framed('two'));
    expect((await once(kept, 'data'))[0]).toEqual(replied('two'));
    const limit = (error: unknown): unknown => (error as TransportError<'TRANSPORT_TOO_SLOW'>).detail.limit;
    expect(told.map(({ error }) => limit(error)).sort()).toEqual(['firstByteMs', 'stallMs']);
  });
});

describe('too many callers, and too much', () => {
  test('one connection too many: the one that was silent for longest is closed', async () => {
    const { listener, told } = await tcpListener(echo, { maxConnections: 2 });
    const first = await rawClient(listener.address);
    const second = await rawClient(listener.address);
    const third = await rawClient(listener.address);
    expect(await everything(first)).toHaveLength(0);
    expect(told).toMatchObject([
      {
        peer: `127.0.0.1:${first.localPort}`,
        error: {
          code: 'TRANSPORT_OVERLOADED',
          fault: 'environment',
          message: `${listener.address}: closed to make room: maxConnections is 2`,
          detail: { address: listener.address, limit: 'maxConnections', value: 2 },
        },
      },
    ]);
    for (const [socket, text] of [
      [second, 'second'],
      [third, 'third'],
    ] as const) {
      socket.write(framed(text));
      expect(await everything(socket)).toEqual(replied(text));
    }
  });

  test('too many bytes held: the connection that holds many for long without a whole message is closed', async () => {
    const { listener, told } = await tcpListener(echo, { maxHeldBytes: 300_000 });
    const first = await rawClient(listener.address);
    first.write('200000    ');
    first.write(Buffer.alloc(190_000));
    // When the listener has served a later caller, it has also read these bytes.
    await expectServed(listener);
    const second = await rawClient(listener.address);
    second.write('200000    ');
    second.write(Buffer.alloc(190_000));
    expect(await everything(first)).toHaveLength(0);
    expect(told).toMatchObject([
      {
        peer: `127.0.0.1:${first.localPort}`,
        error: { code: 'TRANSPORT_OVERLOADED', detail: { limit: 'maxHeldBytes', value: 300_000 } },
      },
    ]);
    second.write(Buffer.alloc(10_000));
    expect(await everything(second)).toHaveLength(200_004);
    // The listener does not count an answered request any more.
    const third = await rawClient(listener.address);
    third.write('200000    ');
    third.write(Buffer.alloc(200_000));
    expect(await everything(third)).toHaveLength(200_004);
    expect(told).toHaveLength(1);
  });

  test('a message larger than maxHeldBytes costs its own connection', async () => {
    const { listener, told } = await tcpListener(echo, { maxHeldBytes: 300_000 });
    const large = await rawClient(listener.address);
    const peer = `127.0.0.1:${large.localPort}`;
    large.write('400000    ');
    large.write(Buffer.alloc(400_000));
    expect(await everything(large)).toHaveLength(0);
    expect(told).toMatchObject([{ peer, error: { detail: { limit: 'maxHeldBytes' } } }]);
    await expectServed(listener);
  });

  test('a request counts as held while its handler works, even if its caller has left', async () => {
    const finish = Promise.withResolvers<void>();
    const handler = vi.fn<Handler>(async (request) => {
      if (request.length === 200_000) await finish.promise;
      return [Uint8Array.of(1)];
    });
    const { listener, told } = await tcpListener(handler, { maxHeldBytes: 300_000 });
    const leaver = await rawClient(listener.address);
    leaver.write('200000    ');
    leaver.write(Buffer.alloc(200_000));
    await expect.poll(() => handler.mock.calls.length).toBe(1);
    leaver.resetAndDestroy();
    await expect.poll(() => told.length).toBe(1);
    const send = async (): Promise<Buffer> => {
      const socket = await rawClient(listener.address);
      socket.write('150000    ');
      socket.write(Buffer.alloc(150_000));
      return await everything(socket);
    };
    expect(await send()).toHaveLength(0);
    expect(told.map(({ error }) => (error as { code: string }).code)).toEqual([
      'TRANSPORT_CALLER_GONE',
      'TRANSPORT_OVERLOADED',
    ]);
    finish.resolve();
    await expect.poll(async () => (await send()).length).toBe(5);
  });

  test('declared lengths take no memory', async () => {
    const { listener } = await tcpListener(echo, {});
    const liars = await Promise.all(Array.from({ length: 64 }, () => rawClient(listener.address)));
    const asked = await memoryAskedFor(async () => {
      for (const liar of liars) liar.write('1073741824');
      await expectServed(listener);
    });
    // Each of the callers costs a piece of 64 KiB, and not the gibibyte that it declared.
    expect(asked).toBeLessThan(64 * 2 ** 17);
    for (const liar of liars) liar.destroy();
  });

  test('a caller that floods behind its message is closed once it has its reply', async () => {
    const { listener } = await tcpListener(echo, { closeMs: 10_000 });
    const flood = await rawClient(listener.address);
    const block = Buffer.alloc(65_536, 'x');
    const pour = (): void => {
      while (flood.writable && flood.write(block));
    };
    flood.on('drain', pour);
    flood.write(framed('flood'));
    pour();
    const closed = new Promise((resolve) => flood.on('close', resolve));
    expect((await once(flood, 'data'))[0]).toEqual(replied('flood'));
    await closed;
  });
});

describe('handlers', () => {
  test('a request whose caller leaves while it waits is handled, with a signal that is aborted', async () => {
    const finish = Promise.withResolvers<void>();
    const handled: [text: string, wasAborted: boolean][] = [];
    const handler: Handler = async (request, { signal }) => {
      handled.push([Buffer.from(request).toString(), signal.aborted]);
      await finish.promise;
      return [request];
    };
    const { listener, told } = await tcpListener(handler, { maxHandlers: 1 });
    const first = await rawClient(listener.address);
    first.write(framed('first'));
    await expect.poll(() => handled.length).toBe(1);
    const leaver = await rawClient(listener.address);
    leaver.write(framed('leaver'));
    await new Promise<void>((resolve) => leaver.write(framed('more'), () => resolve()));
    const last = await rawClient(listener.address);
    last.write(framed('last'));
    leaver.resetAndDestroy();
    await expect.poll(() => told.length).toBe(1);
    finish.resolve();
    expect(await everything(last)).toEqual(replied('last'));
    expect(handled).toEqual([
      ['first', false],
      ['leaver', true],
      ['last', false],
    ]);
    expect(told).toMatchObject([{ error: { code: 'TRANSPORT_CALLER_GONE' } }]);
  });
});

describe('the end', () => {
  test('close() resolves, whatever a handler does and whatever a caller does not read', async () => {
    const contexts: HandlerContext[] = [];
    const large = new Uint8Array(20_000_000);
    const handler: Handler = async (request, context) => {
      if (request.length === 4) return [large];
      contexts.push(context);
      return await NEVER;
    };
    const { listener, told } = await tcpListener(handler, { maxHandlers: 2, maxQueued: 1, closeMs: 40 });
    const deaf = await rawClient(listener.address);
    deaf.pause();
    deaf.write(framed('deaf'));
    const waiting: Promise<Buffer>[] = [];
    for (const text of ['never', 'and never', 'in the queue', 'one too many']) {
      const socket = await rawClient(listener.address);
      socket.write(framed(text));
      waiting.push(everything(socket));
    }
    // When one request has been refused, all others have arrived: they are being handled, or they wait.
    await expect.poll(() => told.length).toBe(1);
    expect(contexts).toHaveLength(2);
    await listener.close();
    for (const reply of await Promise.all(waiting)) expect(reply).toHaveLength(0);
    for (const { signal } of contexts) {
      expect(signal.reason).toMatchObject({ code: 'TRANSPORT_CLOSED', detail: { closeMs: 40 } });
    }
    await expect.poll(() => told.length).toBe(4);
    expect(told.map(({ error }) => (error as { code: string }).code)).toEqual([
      'TRANSPORT_OVERLOADED',
      ...Array(3).fill('TRANSPORT_CLOSED'),
    ]);
    await listener.close();
  });

  test('a handler that waits for its own listener to close is waited for until closeMs', async () => {
    const entered = Promise.withResolvers<void>();
    let own: Listener | undefined;
    const { listener } = await tcpListener(
      async (request) => {
        entered.resolve();
        await own?.close();
        return [request];
      },
      { closeMs: 30 },
    );
    own = listener;
    const socket = await rawClient(listener.address);
    socket.write(framed('close'));
    await entered.promise;
    await listener.close();
  });
});

describe('options', () => {
  test.each([
    { maxConnections: 0 },
    { maxConnections: Number.NaN },
    { maxHandlers: -1 },
    { stallMs: 0 },
    { stallMs: '10' },
    { handlerMs: '10' },
    { closeMs: -1 },
    { maxHeldBytes: Number.NaN },
    { maxheldBytes: 1 },
    { maxConnection: 10 },
    { 'max\u202eBytes': 1 },
  ])('an invalid limit, or a limit of another name, is refused: %j', async (limits) => {
    const listen = listenTcp({ host: '127.0.0.1', port: 0 }, { dialect, limits: limits as never }, echo);
    await expect(listen).rejects.toMatchObject({
      code: 'TRANSPORT_BAD_OPTION',
      fault: 'caller',
      detail: { option: `limits.${Object.keys(limits)[0]?.replace('\u202e', '\\u202e')}` },
    });
  });

  test('every limit may be Infinity', async () => {
    const names = Object.keys(resolveListenLimits());
    const limits = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY]));
    const { listener } = await tcpListener(echo, limits);
    await expectServed(listener);
  });

  test('the README lists every limit with its default', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const rows = [...readme.matchAll(/^\| `(\w+)`(?:, `(\w+)`)? \| ([^|]+) \|/gm)];
    const said = rows.flatMap(([, first, second, value]) => {
      const values = String(value).split(', ');
      return [[first, values[0]], ...(second ? [[second, values[1]]] : [])];
    });
    const { maxMessageBytes, maxHeldBytes, ...rest } = resolveListenLimits();
    expect(maxMessageBytes).toBe(2 ** 30);
    expect(maxHeldBytes).toBe(2 * maxMessageBytes);
    expect(resolveListenLimits({ maxMessageBytes: 1000 }).maxHeldBytes).toBe(64 * 2 ** 20);
    const table = Object.fromEntries(said) as Record<string, string>;
    expect(table['maxMessageBytes']).toBe('1 GiB');
    expect(table['maxHeldBytes']).toBe('twice `maxMessageBytes`');
    for (const [name, value] of Object.entries(rest)) {
      expect(table[name]?.replaceAll(/[` ]/g, '')).toBe(String(value));
    }
  });
});

test('callers whose bytes wait in the kernel are not too slow for a program that was busy for longer than a limit', async () => {
  const { listener, told } = await tcpListener(echo, { firstByteMs: SILENT_MS, stallMs: SILENT_MS });
  const silent = await rawClient(listener.address);
  const half = await rawClient(listener.address);
  half.write('12        abc');
  // When the listener has served a later caller, it has also accepted both connections.
  await expectServed(listener);
  silent.write(framed('not late'));
  half.write(Buffer.from('defghijkl'));
  const until = performance.now() + 2 * SILENT_MS;
  while (performance.now() < until);
  expect(await everything(silent)).toEqual(replied('not late'));
  expect(await everything(half)).toEqual(replied('abcdefghijkl'));
  expect(told).toEqual([]);
});
