// Calls without a reply go to real receivers, and come from real recorders: every frame arrives, and no reply is waited for.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { AnyNdArray } from '@bridge/npy';
import { noReply, uintLength } from '@bridge/transport';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { codecs, connect, dialects, type Model, type OneWayModel, relay, serve } from '../../src/index.ts';
import { type PythonPeer, peer, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';

const FRAMES = 500;
/**
 * A frame of more than the 1024 bytes that numpysocket's receiver reads at once: if it reads two frames at once, it drops the
 * second.
 */
const frame = (n: number): Float32Array => new Float32Array(1000).fill(n);
const numpysocket = { ...dialects.numpysocket, reply: noReply() };
const connections = { request: uintLength({ bytes: 4 }), reply: noReply() };

const [, python] = pythons[0] ?? [];
const has = python !== undefined && spawnSync(python, ['-c', 'import numpysocket']).status === 0;

/** Resolves with the last line that a receiver prints. */
async function lastWords({ child }: PythonPeer): Promise<string> {
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close');
  return said.trim().split('\n').at(-1) ?? '';
}

async function recordAll(target: string, dialect: typeof connections, frames = FRAMES): Promise<void> {
  const model = connect(target, { dialect });
  for (let n = 0; n < frames; n++) expect(await model.call(frame(n))).toBeUndefined();
  expect(model.stats).toMatchObject({ answered: frames, failures: {} });
  await model.close();
}

test('a codec for both directions does not make replies of none', async () => {
  const shapes: unknown[] = [];
  const options = { dialect: connections, codec: codecs.pickled() };
  await using served = await serve('tcp://127.0.0.1:0', options, ({ shape }) => void shapes.push(shape));
  await using model = connect(served.address, options);
  expect(await model.call([1, 2])).toBeUndefined();
  await expect.poll(() => shapes).toEqual([[2]]);
  expect(() => connect(served.address, { ...options, output: {} })).toThrow('because the model has no replies');
});

test('a call without a reply is typed as one', () => {
  const model = connect('tcp://127.0.0.1:1', { dialect: numpysocket });
  expectTypeOf(model).toEqualTypeOf<OneWayModel>();
  expectTypeOf<OneWayModel['call']>().returns.resolves.toBeUndefined();
  expectTypeOf(connect('tcp://127.0.0.1:1', { dialect: dialects.numpysocket })).toEqualTypeOf<Model>();
  expectTypeOf(connect('tcp://127.0.0.1:1')).toEqualTypeOf<Model>();
});

describe.skipIf(!has)("numpysocket's own programs", () => {
  test('its receiver gets all of 500 frames from calls that wait for no reply', async () => {
    const receiver = await startPeer(python ?? '', peer('receiver.py'), { args: ['numpysocket'] });
    const said = lastWords(receiver);
    await recordAll(receiver.target, numpysocket);
    expect(await said).toBe(`received ${FRAMES} in order`);
  });

  test('its receiver gets all of 500 frames from a stream, each given back once it was handed over', async () => {
    const receiver = await startPeer(python ?? '', peer('receiver.py'), { args: ['numpysocket'] });
    const said = lastWords(receiver);
    const model = connect(receiver.target, { dialect: numpysocket });
    const frames = Array.from({ length: FRAMES }, (_, n) => frame(n));
    let given = 0;
    for await (const { input, output } of model.stream(frames)) {
      expect(input).toBe(frames[given++]);
      expect(output).toBeUndefined();
    }
    await model.close();
    expect([given, await said]).toEqual([FRAMES, `received ${FRAMES} in order`]);
  });

  test('a receiver that answers all the same is not kept waiting, and gets all of them', async () => {
    const receiver = await startPeer(python ?? '', peer('receiver.py'), { args: ['echoing'] });
    const said = lastWords(receiver);
    await recordAll(receiver.target, numpysocket);
    expect(await said).toBe(`received ${FRAMES} in order`);
  });

  test('its sender: all of 500 frames reach the handler of serve, and of a relay', async () => {
    const seen: unknown[] = [];
    await using served = await serve('tcp://127.0.0.1:0', { dialect: numpysocket }, (input) => {
      seen.push(input.get(0));
      return input;
    });
    await using relayed = await relay('tcp://127.0.0.1:0', served.address, { dialect: numpysocket });
    for (const { address } of [served, relayed]) {
      seen.length = 0;
      const { hostname, port } = new URL(address);
      const child = spawn(python ?? '', [peer('recorder.py'), hostname, port, String(FRAMES)], { stdio: 'inherit' });
      expect(await once(child, 'close')).toEqual([0, null]);
      await expect.poll(() => seen.length).toBe(FRAMES);
      expect(seen).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
    }
  });
});

for (const [label, each] of pythons) {
  describe.skipIf(!each)(`on ${label}`, () => {
    test('a receiver that takes one connection at a time, and leaves it open until the next, gets all of 300 frames', async () => {
      const receiver = await startPeer(each ?? '', peer('receiver.py'), { args: ['connections', '300'] });
      const said = lastWords(receiver);
      await recordAll(receiver.target, connections, 300);
      expect(await said).toBe('received 300 in order');
    });
  });
}

/** Starts a receiver in this process. */
async function receiver(take: (socket: Socket) => void): Promise<string> {
  const server = createServer(take);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `tcp://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test('a TypeScript recorder at full speed that closes at once: all frames reach the handler of serve', async () => {
  for (const connection of ['persistent', 'message'] as const) {
    let seen = 0;
    const count = (input: AnyNdArray): AnyNdArray => {
      seen++;
      return input;
    };
    const dialect = { ...connections, connection };
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, count);
    await recordAll(listener.address, dialect);
    await expect.poll(() => seen).toBe(FRAMES);
  }
});

test('a receiver that reads nothing makes calls wait, and goes on where it stopped', async () => {
  let connected: Socket | undefined;
  let received = 0;
  const target = await receiver((socket) => {
    connected = socket.pause();
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.pause();
  });
  const model = connect(target, { dialect: { ...connections, connection: 'persistent' } });
  const large = new Uint8Array(4_000_000);
  // The system takes a few of these for a receiver that reads nothing, and never all of them.
  const frames = 20;
  const calls = Promise.all(Array.from({ length: frames }, () => model.call(large)));
  await expect.poll(() => connected).toBeDefined();
  await expect(model.call(large, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'BRIDGE_TIMEOUT' });
  expect(model.stats.queued).toBeGreaterThan(10);
  connected?.resume();
  await calls;
  await model.close();
  // The call that was given up had not been begun.
  await expect.poll(() => received).toBe(frames * (4 + 128 + large.length));
});

test('a receiver that is gone: the call under way, or the next one, is told, and the one behind it goes on', async () => {
  let connections_ = 0;
  let received = 0;
  const target = await receiver((socket) => {
    connections_++;
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (connections_ === 1) socket.resetAndDestroy();
    });
  });
  await using model = connect(target, { dialect: { ...connections, connection: 'persistent' } });
  // The system decides when this end notices: during a call, or after one has resolved.
  let told: unknown;
  const call = async (): Promise<unknown> => (told = await model.call([1]).catch((error: unknown) => error));
  await expect.poll(call).toBeDefined();
  expect(told).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY', detail: { reset: true } });
  received = 0;
  await model.call([3]);
  await expect.poll(() => [connections_, received]).toEqual([2, 4 + 128 + 8]);
  // A connection that the peer closed with a FIN has lost nothing.
  expect(model.stats.failures).toEqual({ TRANSPORT_CLOSED_BEFORE_REPLY: 1 });
});

test('a receiver that closes an idle connection in the usual way has lost nothing, and nobody is told', async () => {
  let closed = 0;
  const target = await receiver((socket) => {
    socket.on('data', () => socket.end());
    // The caller's end is closed as well.
    socket.on('close', () => closed++);
  });
  await using model = connect(target, { dialect: { ...connections, connection: 'persistent' } });
  for (let n = 1; n <= 3; n++) {
    await model.call([n]);
    await expect.poll(() => closed).toBe(n);
  }
  expect(model.stats.failures).toEqual({});
});

test('an output that no reply can have, and a relay to hosts that wait for replies, are refused', async () => {
  const option = expect.objectContaining({ code: 'BRIDGE_OPTION' });
  expect(() => connect('tcp://127.0.0.1:1', { dialect: numpysocket, output: { dtype: 'uint8' } })).toThrow(option);
  const hosts = { dialect: dialects.numpysocket };
  await expect(relay('tcp://127.0.0.1:0', 'tcp://127.0.0.1:1', { dialect: numpysocket, hosts })).rejects.toEqual(
    option,
  );
});
