// A host name may have several addresses. The carrier tries the next address only if it could not connect to the one before. A
// table stands in for the system's resolver, which is not under test; the sockets are real.
import { lookup } from 'node:dns/promises';
import { networkInterfaces } from 'node:os';
import { beforeEach, expect, test, vi } from 'vitest';
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { failure } from '../support/failure.ts';
import { answering, rawServer } from '../support/raw-peer.ts';

vi.mock('node:dns/promises', () => ({ lookup: vi.fn() }));

const dialect = { request: asciiLength({ width: 10 }), reply: asciiLength({ width: 1 }) };
const request = Uint8Array.of(1, 2, 3);
const REQUEST_BYTES = 13;

const loopbacks = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
const ipv6 = loopbacks.some(({ address }) => address === '::1');
/** Only Linux has all of 127.0.0.0/8 on its loopback interface. */
const linux = process.platform === 'linux';

const table = new Map<string, string[]>();

beforeEach(() => {
  table.clear();
  vi.mocked(lookup)
    .mockReset()
    .mockImplementation((async (name: string) => {
      const addresses = table.get(name);
      if (!addresses) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
      return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    }) as unknown as typeof lookup);
});

test.skipIf(!ipv6).each([
  ['127.0.0.1', ['::1', '127.0.0.1']],
  ['127.0.0.1', ['127.0.0.1', '::1']],
  ['::1', ['127.0.0.1', '::1']],
  ['::1', ['::1', '127.0.0.1']],
])('localhost where only %s listens, of %j', async (host, addresses) => {
  table.set('localhost', addresses);
  const server = await answering(REQUEST_BYTES, (socket) => socket.end('1x'), host);
  await using carrier = tcp({ host: 'localhost', port: server.address.port }, { dialect });
  for (let i = 0; i < 2; i++) expect(await carrier.exchange([request])).toEqual(Uint8Array.of(0x78));
  expect(lookup).toHaveBeenCalledOnce();
  expect(server.connections).toHaveLength(2);
  for (const { chunks } of server.connections) expect(Buffer.concat(chunks)).toHaveLength(REQUEST_BYTES);
});

test.skipIf(!linux)('where several addresses listen, one is called and the others never', async () => {
  const first = await answering(REQUEST_BYTES, (socket) => socket.end('1a'), '127.0.0.2');
  const second = await rawServer(() => {}, '127.0.0.3', first.address.port);
  table.set('model', ['127.0.0.4', '127.0.0.2', '127.0.0.3']);
  await using carrier = tcp({ host: 'model', port: first.address.port }, { dialect });
  const replies = await Promise.all(Array.from({ length: 10 }, () => carrier.exchange([request])));
  expect(replies).toHaveLength(10);
  expect(first.connections).toHaveLength(10);
  for (const { chunks } of first.connections) expect(Buffer.concat(chunks)).toHaveLength(REQUEST_BYTES);
  expect(second.connections).toHaveLength(0);
});

test.skipIf(!linux)('a message that an address took is not sent to the next one', async () => {
  const first = await answering(REQUEST_BYTES, (socket) => socket.end(), '127.0.0.2');
  const second = await answering(REQUEST_BYTES, (socket) => socket.end('1b'), '127.0.0.3');
  table.set('model', ['127.0.0.2', '127.0.0.3']);
  await using carrier = tcp({ host: 'model', port: first.address.port }, { dialect });
  expect(await failure(carrier.exchange([request]))).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(second.connections).toHaveLength(0);
});

test.skipIf(!linux)('a name that moves is asked for again', async () => {
  const here = await answering(REQUEST_BYTES, (socket) => socket.end('1b'), '127.0.0.3');
  table.set('model', ['127.0.0.2']);
  await using carrier = tcp({ host: 'model', port: here.address.port }, { dialect });
  expect(await failure(carrier.exchange([request]))).toMatchObject({ code: 'TRANSPORT_REFUSED' });
  table.set('model', ['127.0.0.3']);
  expect(await carrier.exchange([request])).toEqual(Uint8Array.of(0x62));
  table.set('model', ['127.0.0.2']);
  expect(await carrier.exchange([request])).toEqual(Uint8Array.of(0x62));
});

test('a name that the resolver does not know', async () => {
  await using carrier = tcp({ host: 'nowhere', port: 1 }, { dialect });
  expect(await failure(carrier.exchange([request]))).toMatchObject({
    code: 'TRANSPORT_UNREACHABLE',
    message: 'tcp://nowhere:1 cannot be reached: ENOTFOUND',
    detail: { address: 'tcp://nowhere:1' },
    cause: { code: 'ENOTFOUND' },
  });
});

test('giving up does not wait for the resolver', async () => {
  vi.mocked(lookup).mockReturnValue(new Promise(() => {}) as never);
  await using carrier = tcp({ host: 'slow', port: 1 }, { dialect });
  const controller = new AbortController();
  const exchange = failure(carrier.exchange([request], { signal: controller.signal }));
  const reason = { given: 'up' };
  controller.abort(reason);
  expect(await exchange).toBe(reason);
});
