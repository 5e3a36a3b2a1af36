// A relay between real sockets, with a model in this process behind it: the messages that it passes on and refuses, the errors that
// it reports, and its close().
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { array, encode } from '@bridge/npy';
import { asciiLength, type Carrier, type Handler, type Listener, uintLength } from '@bridge/transport';
import { listenTcp } from '@bridge/transport/tcp';
import { describe, expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { connect, dialects, type Relay, type RelayOptions, relay, type Target } from '../../src/index.ts';
import { dial, framed, received } from '../support/seed-host.ts';

const ANY_PORT = 'tcp://127.0.0.1:0';
const opaque = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };

/** Starts a model that answers bytes with bytes, without decoding them. */
async function model(handler: Handler): Promise<{ listener: Listener; got: Uint8Array[] }> {
  const got: Uint8Array[] = [];
  const answer: Handler = (request, context) => {
    got.push(request);
    return handler(request, context);
  };
  const where = { host: '127.0.0.1', port: 0 };
  const listener = await listenTcp(where, { dialect: opaque, limits: { closeMs: 50 } }, answer);
  onTestFinished(() => listener.close());
  return { listener, got };
}

async function relaying(
  to: Target,
  options: RelayOptions = {},
  from = ANY_PORT,
): Promise<{ relayed: Relay; told: { code: string }[] }> {
  const told: { code: string }[] = [];
  const onError = (error: unknown): void => void told.push(error as { code: string });
  const spoken = typeof to === 'string' ? { dialect: opaque } : {};
  const hosts = { dialect: opaque, ...options.hosts };
  const relayed = await relay(from, to, { ...spoken, onError, ...options, hosts });
  onTestFinished(() => relayed.close());
  return { relayed, told };
}

/** Resolves with the answer that a host gets to `bytes`. */
async function ask(address: string, bytes: Uint8Array): Promise<Buffer> {
  const socket = await dial(address);
  socket.write(framed(bytes));
  return await received(socket);
}

const replied = (bytes: Uint8Array): Buffer => Buffer.concat([Uint8Array.of(0, 0, 0, bytes.length), bytes]);

describe('messages', () => {
  test.each([[[1, 2, 3]], [[]], [[0x93, 0x4e, 0x55, 0x4d]]])('pass as they are: %j', async (bytes) => {
    const { listener, got } = await model(async (request) => [request, Uint8Array.of(9)]);
    const { relayed, told } = await relaying(listener.address);
    expect(await ask(relayed.address, Uint8Array.from(bytes))).toEqual(replied(Uint8Array.from([...bytes, 9])));
    expect(got.map((each) => [...each])).toEqual([bytes]);
    expect(told).toEqual([]);
  });

  test('of some megabytes, in memory of their own size that is held once', async () => {
    const bytes = new Uint8Array(6_000_000).fill(7);
    const { listener } = await model(async (request) => [request]);
    const seen: Uint8Array[] = [];
    const real = await tcpTo(listener);
    const carrier: Carrier = {
      ...real,
      exchange: (message, options) => {
        seen.push(...message);
        return real.exchange(message, options);
      },
    };
    const { relayed } = await relaying(carrier);
    expect(await ask(relayed.address, bytes)).toHaveLength(4 + bytes.length);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.buffer.byteLength).toBe(bytes.length);
  });

  test('of one dialect are relayed to a model that speaks another', async () => {
    const { listener, got } = await model(async (request) => [request]);
    const { relayed } = await relaying(listener.address, { hosts: { dialect: dialects.numpysocket } });
    await using host = connect(relayed.address, { dialect: dialects.numpysocket });
    for (const value of [5, 6]) expect((await host.call([value])).get(0)).toBe(value);
    expect(got.map((each) => [...each])).toEqual([encode([5]), encode([6])].map((each) => [...each]));
  });

  test('go in by a Unix socket and out by TCP', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model.sock');
    const { listener } = await model(async (request) => [request]);
    const { relayed } = await relaying(listener.address, { hosts: { permissions: 0o600 } }, `unix://${path}`);
    expect(relayed.address).toBe(`unix://${path}`);
    expect(await ask(relayed.address, Uint8Array.of(4))).toEqual(replied(Uint8Array.of(4)));
    await using host = connect(relayed.address, { dialect: opaque });
    expect((await host.call([1])).get(0)).toBe(1);
    await relayed.close();
    expect(existsSync(path)).toBe(false);
  });

  test('wait for each other in front of the model, and each host gets its own reply', async () => {
    let under = 0;
    let most = 0;
    const { listener } = await model(async (request) => {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 1));
      under--;
      return [request];
    });
    const { relayed } = await relaying(listener.address);
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => ask(relayed.address, Uint8Array.of(i))));
    expect(replies).toEqual(Array.from({ length: 40 }, (_, i) => replied(Uint8Array.of(i))));
    expect(most).toBe(1);
    expect(relayed.stats).toMatchObject({
      calls: 40,
      answered: 40,
      failures: {},
      queued: 0,
      inFlight: 0,
      sentBytes: 40,
    });
  });
});

describe('hosts that fail', () => {
  test.each([
    ['inside the length', '12'],
    ['behind the length', '12        '],
    ['inside the message', '12        abc'],
  ])('one that ends %s: nothing reaches the model', async (_, part) => {
    const { listener, got } = await model(async (request) => [request]);
    let connections = 0;
    const { relayed, told } = await relaying({
      ...(await tcpTo(listener)),
      exchange: () => {
        connections++;
        throw new Error('not to be called');
      },
    });
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const socket = await dial(relayed.address);
      socket.write(part, () => socket[leave]());
      await received(socket);
    }
    await expect.poll(() => told.length).toBe(2);
    expect(told.map(({ code }) => code).sort()).toEqual(['TRANSPORT_CALLER_GONE', 'TRANSPORT_TRUNCATED']);
    expect(connections).toBe(0);
    expect(got).toEqual([]);
    expect(relayed.stats).toMatchObject({
      calls: 0,
      failures: { TRANSPORT_CALLER_GONE: 1, TRANSPORT_TRUNCATED: 1 },
    });
  });

  test('a host that leaves while its message waits: it is dropped. While the model has it: it is finished', async () => {
    const finish: (() => void)[] = [];
    const aborted: boolean[] = [];
    const { listener, got } = await model(async (request, { signal }) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      aborted.push(signal.aborted);
      return [request];
    });
    const { relayed, told } = await relaying(listener.address);
    const begun = await dial(relayed.address);
    begun.write(framed(Uint8Array.of(1)));
    await expect.poll(() => finish.length).toBe(1);
    const waiting = await dial(relayed.address);
    waiting.write(framed(Uint8Array.of(2)));
    await expect.poll(() => relayed.stats.queued).toBe(1);
    waiting.resetAndDestroy();
    begun.resetAndDestroy();
    await expect.poll(() => told.length).toBe(2);
    expect(relayed.stats).toMatchObject({ queued: 0, inFlight: 1 });
    const last = ask(relayed.address, Uint8Array.of(3));
    await expect.poll(() => relayed.stats.queued).toBe(1);
    finish[0]?.();
    await expect.poll(() => finish.length).toBe(2);
    finish[1]?.();
    expect(await last).toEqual(replied(Uint8Array.of(3)));
    expect(got.map(([first]) => first)).toEqual([1, 3]);
    expect(aborted).toEqual([false, false]);
    expect(told.map(({ code }) => code)).toEqual(['TRANSPORT_CALLER_GONE', 'TRANSPORT_CALLER_GONE']);
  });

  test("one too many is closed with nothing sent: the queue is the model's", async () => {
    const finish: (() => void)[] = [];
    const { listener } = await model(async (request) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      return [request];
    });
    const { relayed, told } = await relaying(listener.address, { queueLimit: 1 });
    const first = ask(relayed.address, Uint8Array.of(1));
    await expect.poll(() => finish.length).toBe(1);
    const second = ask(relayed.address, Uint8Array.of(2));
    await expect.poll(() => relayed.stats.queued).toBe(1);
    expect(await ask(relayed.address, Uint8Array.of(3))).toHaveLength(0);
    expect(told).toMatchObject([{ code: 'BRIDGE_QUEUE_FULL', detail: { queueLimit: 1 } }]);
    finish[0]?.();
    expect(await first).toEqual(replied(Uint8Array.of(1)));
    await expect.poll(() => finish.length).toBe(2);
    finish[1]?.();
    expect(await second).toEqual(replied(Uint8Array.of(2)));
  });
});

describe('models that fail', () => {
  test('a model that is away, closes, or gives an invalid reply: hosts get nothing, onError the reason', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        if (chunk.at(-1) === 1) socket.end();
        else socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const { relayed, told } = await relaying(`tcp://127.0.0.1:${port}`, { dialect: dialects.seed, retryMs: 0 });
    expect(await ask(relayed.address, Uint8Array.of(1))).toHaveLength(0);
    expect(await ask(relayed.address, Uint8Array.of(2))).toHaveLength(0);
    await new Promise((resolve) => server.close(resolve));
    expect(await ask(relayed.address, Uint8Array.of(3))).toHaveLength(0);
    expect(told).toMatchObject([
      { code: 'TRANSPORT_CLOSED_BEFORE_REPLY' },
      { code: 'BRIDGE_BAD_REPLY', cause: { code: 'NPY_NOT_NPY' } },
      { code: 'TRANSPORT_REFUSED' },
    ]);
    expect(relayed.stats).toMatchObject({ calls: 3, answered: 0, replicas: [{ health: 'down' }] });
  });

  test('several equal ones: the relay uses what is there', async () => {
    const one = await model(async (request) => [request]);
    const two = await model(async (request) => [request]);
    const { relayed } = await relaying([one.listener.address, two.listener.address]);
    await Promise.all(Array.from({ length: 10 }, (_, i) => ask(relayed.address, Uint8Array.of(i))));
    expect(one.got.length + two.got.length).toBe(10);
    expect(relayed.stats.replicas).toHaveLength(2);
  });
});

describe('the declared schema of messages', () => {
  test('a header that does not fit is refused, and nothing of the array is looked at', async () => {
    const { listener, got } = await model(async (request) => [request.subarray(0, 1)]);
    const { relayed, told } = await relaying(listener.address, { input: { dtype: 'uint8', shape: [null, 3] } });
    const good = encode(array(new Uint8Array(6), { shape: [2, 3] }));
    const objects = Buffer.from(Buffer.from(good).toString('latin1').replace("'|u1'", "'|O' "), 'latin1');
    const bad = [
      encode(array(new Float32Array(6), { shape: [2, 3] })),
      encode(new Uint8Array(6)),
      objects,
      good.subarray(0, 130),
      Buffer.concat([good, good]),
      good.subarray(0, 20),
      Buffer.from('hello'),
      new Uint8Array(0),
    ];
    for (const message of bad) expect(await ask(relayed.address, message)).toHaveLength(0);
    expect(await ask(relayed.address, good)).toHaveLength(5);
    expect(got).toHaveLength(1);
    expect(told.map(({ code }) => code)).toEqual([
      ...Array(3).fill('BRIDGE_SCHEMA'),
      ...Array(5).fill('BRIDGE_BAD_REQUEST'),
    ]);
    for (const error of told) expect(error).toMatchObject({ fault: 'peer' });
  });
});

describe('the end', () => {
  test('whole messages are answered, no new one is taken, and twice is harmless', async () => {
    const finish: (() => void)[] = [];
    const { listener } = await model(async (request) => {
      await new Promise<void>((resolve) => finish.push(resolve));
      return [request];
    });
    const { relayed } = await relaying(listener.address);
    const first = ask(relayed.address, Uint8Array.of(1));
    await expect.poll(() => finish.length).toBe(1);
    const second = ask(relayed.address, Uint8Array.of(2));
    await expect.poll(() => relayed.stats.queued).toBe(1);
    const half = await dial(relayed.address);
    half.write('12        abc');
    const closed = Promise.all([relayed.close(), relayed[Symbol.asyncDispose](), relayed.close()]);
    await expect(dial(relayed.address)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    finish[0]?.();
    await expect.poll(() => finish.length).toBe(2);
    finish[1]?.();
    expect(await first).toEqual(replied(Uint8Array.of(1)));
    expect(await second).toEqual(replied(Uint8Array.of(2)));
    await closed;
  });

  test('comes where the model never answers, whether or not its host still waits', async () => {
    const { listener, got } = await model(() => new Promise(() => {}));
    const { relayed, told } = await relaying(listener.address, { hosts: { limits: { closeMs: 60 } } });
    const waiting = ask(relayed.address, Uint8Array.of(1));
    await expect.poll(() => got.length).toBe(1);
    await relayed.close();
    expect(await waiting).toHaveLength(0);
    expect(told).toMatchObject([{ code: 'TRANSPORT_CLOSED' }]);
  });
});

async function tcpTo({ address }: Listener): Promise<Carrier> {
  const { tcp } = await import('@bridge/transport/tcp');
  const { hostname, port } = new URL(address);
  return tcp({ host: hostname, port: Number(port) }, { dialect: opaque });
}
