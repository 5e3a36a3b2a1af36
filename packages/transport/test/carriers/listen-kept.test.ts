// A listener with persistent connections serves hosts that send and do not read, hosts that leave, and handlers that return no
// reply.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { ListenLimits, SocketDialect } from '../../src/carriers/tcp/tcp.ts';
import type { Handler } from '../../src/exchange/carrier.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { everything, rawClient } from '../support/raw-peer.ts';
import { tcpListener } from '../support/tcp-listener.ts';

const framing = uintLength({ bytes: 4 });
const kept: SocketDialect = { request: framing, reply: framing, connection: 'persistent' };
const framed = (bytes: Uint8Array): Buffer => Buffer.concat(framing.encode([bytes]));

const keptListener = (handler: Handler, limits: Partial<ListenLimits> = {}): ReturnType<typeof tcpListener> =>
  tcpListener(handler, limits, { dialect: kept });

test('a host that sends 50 messages, reads nothing and leaves: all of them reach the handler, in order', async () => {
  const came: number[] = [];
  const { listener } = await keptListener(async (request) => {
    came.push(request[0] ?? -1);
    return [request];
  });
  const host = await rawClient(listener.address);
  host.pause();
  for (let i = 0; i < 50; i++) host.write(framed(new Uint8Array(20_000).fill(i)));
  host.end();
  await once(host, 'finish');
  await expect.poll(() => came.length).toBe(50);
  expect(came).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

test('requests of a host that has left are handled with a signal that is aborted', async () => {
  const aborted: boolean[] = [];
  const entered = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const { listener, told } = await keptListener(async (_, { signal }) => {
    entered.resolve();
    await go.promise;
    aborted.push(signal.aborted);
    return undefined;
  });
  const host = await rawClient(listener.address);
  host.write(Buffer.concat([1, 2, 3].map((i) => framed(Uint8Array.of(i)))));
  await entered.promise;
  host.resetAndDestroy();
  await expect.poll(() => told.length).toBe(1);
  go.resolve();
  await expect.poll(() => aborted.length).toBe(3);
  expect(aborted).toEqual([true, true, true]);
  expect(told).toMatchObject([{ error: { code: 'TRANSPORT_CALLER_GONE' } }]);
});

test('a handler that answers nothing: a kept connection goes on, and a connection for one message is closed without a byte', async () => {
  const silent: Handler = async (request) => (request[0] === 0 ? undefined : [request]);
  const { listener, told } = await keptListener(silent);
  const host = await rawClient(listener.address);
  host.write(Buffer.concat([framed(Uint8Array.of(0)), framed(Uint8Array.of(7))]));
  expect((await once(host, 'data'))[0]).toEqual(framed(Uint8Array.of(7)));
  const once1 = await tcpListener(silent, {}, { dialect: { ...kept, connection: 'message' } });
  const other = await rawClient(once1.listener.address);
  other.write(framed(Uint8Array.of(0)));
  expect(await everything(other)).toHaveLength(0);
  expect([...told, ...once1.told]).toEqual([]);
});

test('the next request is handled once the last reply was taken, and a caller that takes none is closed after takeMs', async () => {
  let handled = 0;
  const { listener, told } = await keptListener(
    async () => {
      handled++;
      return [new Uint8Array(20_000_000)];
    },
    { takeMs: 60, maxHeldBytes: 40_000_000 },
  );
  const host = await rawClient(listener.address);
  host.pause();
  host.write(Buffer.concat(Array<Buffer>(1000).fill(framed(Uint8Array.of(1)))));
  await expect.poll(() => told.length).toBeGreaterThan(0);
  expect(told).toMatchObject([{ error: { code: 'TRANSPORT_TOO_SLOW', detail: { limit: 'takeMs' } } }]);
  expect(handled).toBe(1);
});

test('a thousand requests that came at once do not hold up the event loop', async () => {
  let rounds = 0;
  const seen: number[] = [];
  const { listener } = await keptListener(async () => {
    seen.push(rounds);
    setImmediate(() => rounds++);
    return undefined;
  });
  const host = await rawClient(listener.address);
  host.write(Buffer.concat(Array<Buffer>(1000).fill(framed(Uint8Array.of(1)))));
  await expect.poll(() => seen.length).toBe(1000);
  expect(new Set(seen).size).toBeGreaterThan(900);
});
