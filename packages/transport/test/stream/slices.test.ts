// A carrier writes long requests in slices: the bytes on the wire are the same as in one piece, whatever happens meanwhile, and
// other work on the event loop runs between two slices.
import { Socket } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type SocketDialect, tcp } from '../../src/carriers/tcp/tcp.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';
import { answering, type RawServer, rawServer } from '../support/raw-peer.ts';

const dialect: SocketDialect = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };
const reply = Uint8Array.of(0, 0, 0, 1, 7);
const MIB = 1 << 20;

/** Returns bytes of which no two slices are equal. */
function counted(bytes: number): Uint8Array<ArrayBuffer> {
  const made = new Uint32Array(Math.ceil(bytes / 4));
  for (let i = 0; i < made.length; i++) made[i] = i * 2_654_435_761;
  return new Uint8Array(made.buffer, 0, bytes);
}

const wireOf = ({ connections }: RawServer, i = 0): Buffer => Buffer.concat(connections[i]?.chunks ?? []);
const framed = (...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(String(body.length).padEnd(10)), body]);
};

test.each(['message', 'persistent'] as const)(
  'parts of any size arrive as one message, connection: %s',
  async (connection) => {
    const around = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: -12, max: 2 }));
    const size = fc.oneof(
      fc.nat(3000),
      around.map(([slices, more]) => Math.max(0, slices * MIB + more)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(size, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        async (sizes, times) => {
          const parts = sizes.map(counted);
          const expected = framed(...parts);
          let received = 0;
          const server = await rawServer((socket) => {
            socket.on('end', () => socket.end());
            socket.on('data', (chunk) => {
              received += chunk.length;
              if (received % expected.length === 0) socket.write(reply);
            });
          });
          await using carrier = tcp(server.address, { dialect: { ...dialect, connection } });
          for (let i = 0; i < times; i++) expect(await carrier.exchange(parts)).toEqual(Uint8Array.of(7));
          const wire = Buffer.concat(server.connections.flatMap(({ chunks }) => chunks));
          expect(wire.equals(Buffer.concat(Array.from({ length: times }, () => expected)))).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  },
);

test('a request that ends with its stream ends behind its last slice', async () => {
  const parts = [Uint8Array.of(1), counted(3 * MIB + 5)];
  const server = await rawServer((socket) => socket.on('end', () => socket.end(reply)));
  await using carrier = tcp(server.address, { dialect: { ...dialect, request: untilClose() } });
  expect(await carrier.exchange(parts)).toEqual(Uint8Array.of(7));
  expect(wireOf(server).equals(Buffer.concat(parts))).toBe(true);
});

test('in one round of the event loop a socket is given no more than a slice; the last one is told as sent', async () => {
  const body = counted(16 * MIB);
  const server = await answering(10 + body.length, (socket) => socket.write(reply));
  await using carrier = tcp(server.address, { dialect });
  let inRound = 0;
  const rounds: number[] = [];
  const countRound = (): void => {
    if (inRound > 0) rounds.push(inRound);
    inRound = 0;
    immediate = setImmediate(countRound);
  };
  let immediate = setImmediate(countRound);
  const { write } = Socket.prototype;
  const spy = vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args: unknown[]) {
    const [chunk] = args;
    if (this.remotePort === server.address.port) inRound += (chunk as Uint8Array).length;
    return Reflect.apply(write, this, args);
  });
  onTestFinished(() => {
    clearImmediate(immediate);
    spy.mockRestore();
  });
  const given: number[] = [];
  await carrier.exchange([body], { progress: (step) => step === 'sent' && given.push(...rounds, inRound) });
  expect(given.reduce((sum, bytes) => sum + bytes, 0)).toBe(10 + body.length);
  expect(Math.max(...given)).toBeLessThanOrEqual(MIB);
});

test('given up between two slices: the connection is reset, and nothing more of the message is sent', async () => {
  let peer: Socket | undefined;
  let error: unknown;
  const server = await rawServer((socket) => {
    peer = socket.pause();
    socket.on('error', (reason) => {
      error = reason;
    });
  });
  await using carrier = tcp(server.address, { dialect: { ...dialect, close: 'reset' } });
  const controller = new AbortController();
  const given = carrier.exchange([counted(64 * MIB)], { signal: controller.signal }).catch((reason: unknown) => reason);
  await expect.poll(() => peer).toBeDefined();
  controller.abort('enough');
  expect(await given).toBe('enough');
  peer?.resume();
  await server.connections[0]?.closed;
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(wireOf(server).length).toBeLessThan(64 * MIB);
});

test('given up before the connection stood: the whole message is delivered', async () => {
  const body = counted(8 * MIB + 3);
  const server = await rawServer((socket) => socket.on('end', () => socket.end()));
  await using carrier = tcp(server.address, { dialect });
  const controller = new AbortController();
  const progress = vi.fn();
  const given = carrier.exchange([body], { signal: controller.signal, progress }).catch((reason: unknown) => reason);
  for (let turn = 0; turn < 5; turn++) await undefined;
  controller.abort('enough');
  expect(await given).toBe('enough');
  await expect.poll(() => server.connections.length).toBe(1);
  await server.connections[0]?.closed;
  expect(wireOf(server).equals(framed(body))).toBe(true);
  expect(progress).not.toHaveBeenCalled();
});

test('memory that is transferred between two slices: zeros in its place, and the caller is told', async () => {
  const body = counted(64 * MIB);
  const server = await answering(10 + body.length, (socket) => socket.write(reply));
  await using carrier = tcp(server.address, { dialect });
  const given = carrier.exchange([body]).catch((error: unknown) => error);
  // The peer has received the first bytes, and the buffers between the two ends are too small for the rest.
  await expect.poll(() => server.connections[0]?.chunks.length ?? 0, { interval: 0 }).toBeGreaterThan(0);
  const kept = structuredClone(body, { transfer: [body.buffer] });
  expect(await given).toMatchObject({
    code: 'TRANSPORT_BAD_MESSAGE',
    fault: 'caller',
    detail: { part: 1, expected: 64 * MIB, actual: 0 },
  });
  const wire = wireOf(server).subarray(10);
  const slice = [...Array(64).keys()].find(
    (i) => !wire.subarray(i * MIB, (i + 1) * MIB).equals(kept.subarray(i * MIB, (i + 1) * MIB)),
  );
  expect(slice).toBeGreaterThan(0);
  expect(wire.subarray(((slice ?? 0) + 1) * MIB).equals(Buffer.alloc((63 - (slice ?? 0)) * MIB))).toBe(true);
});

test('memory that is transferred between two slices: a connection that is kept goes on, and is closed with its carrier', async () => {
  const body = counted(64 * MIB);
  const server = await rawServer((socket) => {
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received === 10 + 64 * MIB || received === 10 + 64 * MIB + 11) socket.write(reply);
    });
    socket.on('end', () => socket.end());
  });
  const carrier = tcp(server.address, { dialect: { ...dialect, connection: 'persistent' } });
  const given = carrier.exchange([body]).catch((error: unknown) => error);
  await expect.poll(() => server.connections[0]?.chunks.length ?? 0, { interval: 0 }).toBeGreaterThan(0);
  const kept = structuredClone(body, { transfer: [body.buffer] });
  expect(await given).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE' });
  expect(kept).toHaveLength(64 * MIB);
  expect(await carrier.exchange([Uint8Array.of(1)])).toEqual(Uint8Array.of(7));
  expect(server.connections).toHaveLength(1);
  await carrier.close();
  await server.connections[0]?.closed;
});

test('memory of a part that had left before it was transferred is not missed', async () => {
  const front = counted(2 * MIB);
  const body = counted(64 * MIB);
  const server = await answering(10 + front.length + body.length, (socket) => socket.write(reply));
  await using carrier = tcp(server.address, { dialect });
  const given = carrier.exchange([front, body]);
  await expect.poll(() => wireOf(server).length, { interval: 0 }).toBeGreaterThan(4 * MIB);
  structuredClone(front, { transfer: [front.buffer] });
  expect(await given).toEqual(Uint8Array.of(7));
  expect(
    wireOf(server)
      .subarray(10 + 2 * MIB)
      .equals(body),
  ).toBe(true);
});

test('a refused reply that comes before the whole message has left: the peer gets the rest of it', async () => {
  const body = counted(24 * MIB);
  const server = await rawServer((socket) => {
    socket.once('data', () => {
      // The reply is larger than the caller's limit. The peer then stops reading until the caller has its error.
      socket.write(Uint8Array.of(1, 0, 0, 0));
      socket.pause();
    });
  });
  const options = { dialect: { ...dialect, close: 'peer' as const }, limits: { maxMessageBytes: 100 } };
  await using carrier = tcp(server.address, options);
  await expect(carrier.exchange([body])).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
  expect(wireOf(server).length).toBeLessThan(10 + body.length);
  server.sockets[0]?.resume();
  await expect.poll(() => wireOf(server).length).toBe(10 + body.length);
  expect(wireOf(server).equals(framed(body))).toBe(true);
});
