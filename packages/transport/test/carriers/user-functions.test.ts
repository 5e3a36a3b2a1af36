// Functions of a user that are called inside of a socket's callbacks, and fail: only their connection ends, and the error is reported to
// the caller or to `onError`. An error that nothing catches would end the program, and here fails the test run.
import { expect, test } from 'vitest';
import { listenTcp, type SocketDialect, tcp } from '../../src/carriers/tcp/tcp.ts';
import type { Token } from '../../src/framing/dialect/token.ts';
import type { Framing } from '../../src/framing/framing.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { takeTurn } from '../../src/machine/index.ts';
import { failure } from '../support/failure.ts';
import { everything, rawClient, rawServer } from '../support/raw-peer.ts';
import { unhandledRejections } from '../support/unhandled-rejections.ts';

const framing = uintLength({ bytes: 4 });
const message = [0, 0, 0, 1, 7];
const reason = new RangeError('not today');
const throwing = (): never => {
  throw reason;
};

/** Returns a framing whose function `name` is `broken` at its first call. */
const brokenOnce = (name: 'encode' | 'decoder', broken: () => unknown): Framing => {
  let calls = 0;
  return { ...framing, [name]: (given: never) => (calls++ === 0 ? broken() : framing[name](given)) };
};
const token = (from: 'caller' | 'listener', wire: unknown): Token => ({
  from,
  message: [Uint8Array.of(1)],
  framing: { ...framing, encode: () => wire as never },
});
const greeting: Token = { from: 'caller', message: [Uint8Array.of(7)], framing };
const badMessage = expect.objectContaining({ code: 'TRANSPORT_BAD_MESSAGE' });
const noFunction = expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION', message: expect.stringMatching(/push/) });

test.each<[string, () => Partial<SocketDialect>, unknown]>([
  ['a decoder function that throws', () => ({ request: brokenOnce('decoder', throwing) }), reason],
  ['a decoder function that returns nothing', () => ({ request: brokenOnce('decoder', () => undefined) }), noFunction],
  [
    'a decoder function that throws, in a dialect with tokens',
    () => ({ request: brokenOnce('decoder', throwing), exchange: ['request', 'reply'] }),
    reason,
  ],
  [
    "a token's decoder function that returns nothing",
    () => ({ opening: [{ ...greeting, framing: brokenOnce('decoder', () => undefined) }] }),
    noFunction,
  ],
  ['a reply encoder that throws', () => ({ reply: brokenOnce('encode', throwing) }), reason],
  ['a reply encoder that returns no bytes', () => ({ reply: brokenOnce('encode', () => [5]) }), badMessage],
])('a listener with %s closes the connection, reports the error and serves the next caller', async (_, part, error) => {
  const told: unknown[] = [];
  const dialect: SocketDialect = { request: framing, reply: framing, connection: 'persistent', ...part() };
  await using listener = await listenTcp(
    { host: '127.0.0.1', port: 0 },
    { dialect, onError: (each) => told.push(each) },
    async (request) => [request],
  );
  // The message is also the greeting, in the dialect that has one.
  const wire = Uint8Array.from(dialect.opening ? [...message, ...message] : message);
  const first = await rawClient(listener.address);
  first.write(wire);
  expect(await everything(first)).toHaveLength(0);
  expect(told).toEqual([error]);
  const second = await rawClient(listener.address);
  second.end(wire);
  expect([...(await everything(second))]).toEqual(message);
  expect(told).toHaveLength(1);
});

test.each([[['text']], [5]])('a token whose encoder returns %j, at either end', async (wire) => {
  const told: unknown[] = [];
  await using listener = await listenTcp(
    { host: '127.0.0.1', port: 0 },
    {
      dialect: { request: framing, reply: framing, opening: [token('listener', wire)] },
      onError: (each) => told.push(each),
    },
    async (request) => [request],
  );
  expect(await everything(await rawClient(listener.address))).toHaveLength(0);
  expect(told).toEqual([badMessage]);
  const peer = await rawServer((socket) => socket.on('end', () => socket.end()));
  await using carrier = tcp(peer.address, {
    dialect: { request: framing, reply: framing, exchange: ['request', 'reply', token('caller', wire)] },
  });
  const exchange = carrier.exchange([Uint8Array.of(7)]);
  await expect.poll(() => peer.connections[0]?.chunks.length).toBe(1);
  peer.sockets[0]?.end(Uint8Array.from(message));
  expect(await failure(exchange)).toEqual(badMessage);
});

test('an isPeer that throws when a connection is established: nothing is sent, and the exchange has its error', async () => {
  const peer = await rawServer(() => {});
  await using carrier = tcp(peer.address, { dialect: { request: framing, reply: framing }, isPeer: throwing });
  expect(await failure(carrier.exchange([Uint8Array.of(7)]))).toBe(reason);
  await peer.connections[0]?.closed;
  expect(peer.connections.map(({ chunks }) => chunks)).toEqual([[]]);
});

test('an isPeer that throws when a connection is closed: the exchange has the reason for which it was closed', async () => {
  const peer = await rawServer((socket) => socket.once('data', () => socket.end()));
  let calls = 0;
  const isPeer = (): boolean => calls++ === 0 || throwing();
  await using carrier = tcp(peer.address, { dialect: { request: framing, reply: framing }, isPeer });
  expect(await failure(carrier.exchange([Uint8Array.of(7)]))).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(calls).toBe(2);
});

test('an isPeer that throws when an idle connection is closed: the next exchange has its error', async () => {
  const peer = await rawServer((socket) => socket.once('data', () => socket.write(Uint8Array.from(message))));
  let calls = 0;
  const isPeer = (): boolean => calls++ === 0 || throwing();
  const dialect: SocketDialect = { request: framing, reply: framing, connection: 'persistent' };
  await using carrier = tcp(peer.address, { dialect, isPeer });
  expect([...(await carrier.exchange([Uint8Array.of(7)]))]).toEqual([7]);
  peer.sockets[0]?.end();
  await peer.connections[0]?.closed;
  expect(calls).toBe(2);
  expect(await failure(carrier.exchange([Uint8Array.of(7)]))).toBe(reason);
});

test('an onWanted that throws: an unhandled rejection, and the turn is handed over', async () => {
  const reasons = unhandledRejections();
  const name = `user-functions-${process.pid}`;
  const first = await takeTurn(name, { onWanted: throwing });
  const second = takeTurn(name);
  await expect.poll(() => reasons).toEqual([reason]);
  await first.release();
  await (await second).release();
});
