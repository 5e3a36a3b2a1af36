// Every dialect is tested with a real Python program that speaks it: the replies, the number of connections, and that the program
// keeps running.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { array, type DTypeName } from '@bridge/npy';
import { describe, expect, test } from 'vitest';
import { connect, type Dialect, dialects, serve } from '../../src/index.ts';
import { type PythonPeer, peer, startPeer } from '../peers/python-peer.ts';
import { pythons } from '../pythons.ts';

interface Speaker {
  readonly name: string;
  readonly dialect: Dialect;
  readonly script: string;
  readonly args?: readonly string[];
}

const { prefixed } = dialects;
const seedClosing = { script: '../faults/models/closing.py', args: ['plus-one'] };
const speakers: Speaker[] = [
  { name: 'the seed that closes', dialect: dialects.seedClosing, ...seedClosing },
  { name: 'the seed that closes, in the dialect of the one that does not', dialect: dialects.seed, ...seedClosing },
  { name: 'ten digits both ways', dialect: dialects.tenDigits, script: 'prefixed.py', args: ['digits'] },
  ...([4, 8] as const).flatMap((bytes) =>
    (['big', 'little'] as const).flatMap((endian) =>
      (['message', 'persistent'] as const).map((connection) => ({
        name: `${bytes} bytes, ${endian}-endian, a connection for each message or for all: ${connection}`,
        dialect: prefixed({ bytes, endian, connection }),
        script: 'prefixed.py',
        args: [
          `${endian === 'big' ? '>' : '<'}${bytes === 4 ? 'I' : 'Q'}`,
          ...(connection === 'persistent' ? ['--persistent'] : []),
        ],
      })),
    ),
  ),
];

/** Small and large arrays of several dtypes. Each has the sum of its elements after one was added to each of them. */
const arrays: [name: string, dtype: DTypeName, shape: number[]][] = [
  ['one number', 'float64', [1]],
  ['a picture', 'uint8', [480, 640, 3]],
  ['some megabytes', 'float32', [1000, 1000, 2]],
  ['nothing', 'int32', [3, 0]],
];

async function exchangeAll(target: string, dialect: Dialect): Promise<void> {
  await using model = connect(target, { dialect });
  for (let round = 0; round < 3; round++) {
    for (const [name, dtype, shape] of arrays) {
      const size = shape.reduce((product, length) => product * length, 1);
      const sent = array(new Uint8Array(size).fill(7), { dtype, shape });
      const reply = await model.call(sent, { dtype });
      expect(reply.shape, name).toEqual(shape);
      if (size > 0)
        expect([reply.get(...shape.map(() => 0)), reply.get(...shape.map((length) => length - 1))]).toEqual([8, 8]);
    }
  }
  expect(model.stats.failures).toEqual({});
}

/** Returns a function that ends a server and resolves with the number of connections that the server has accepted. */
function countConnections({ child, kill }: PythonPeer): () => Promise<number> {
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  return async () => {
    await Promise.all([once(child, 'close'), kill()]);
    return said.split('connected').length - 1;
  };
}

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`on ${label}`, () => {
    test.each(speakers)('$name', async ({ dialect, script, args }) => {
      const running = await startPeer(python ?? '', peer(script), args ? { args } : {});
      const connections = countConnections(running);
      await exchangeAll(running.target, dialect);
      await exchangeAll(running.target, dialect);
      expect(running.alive()).toBe(true);
      if (dialect.connection === 'persistent') expect(await connections()).toBe(2);
    });
  });
}

const [, python] = pythons[0] ?? [];
const has = python !== undefined && spawnSync(python, ['-c', 'import numpysocket']).status === 0;

describe.skipIf(!has)('the package numpysocket', () => {
  test('a server of it, on one connection', async () => {
    const running = await startPeer(python ?? '', peer('numpysocket_server.py'));
    const connections = countConnections(running);
    await using model = connect(running.target, { dialect: dialects.numpysocket });
    for (const [name, dtype, shape] of arrays.filter(([, , [length]]) => (length ?? 0) > 0 && length !== 3)) {
      const size = shape.reduce((product, length) => product * length, 1);
      const reply = await model.call(array(new Uint8Array(size).fill(7), { dtype, shape }), { dtype });
      expect(reply.shape, name).toEqual(shape);
      expect(reply.get(...shape.map((length) => length - 1))).toBe(8);
    }
    // This server would take such an array for the end of the stream. The call is refused, and the server keeps running.
    for (const empty of [array(new Uint8Array(0)), array(new Float32Array(0), { shape: [0, 4] }), array(5)]) {
      await expect(model.call(empty)).rejects.toMatchObject({ code: 'BRIDGE_SCHEMA', fault: 'caller' });
    }
    expect((await model.call([1])).get(0)).toBe(2);
    expect(running.alive()).toBe(true);
    expect(await connections()).toBe(1);
  });

  test('two models take turns at its one connection', async () => {
    const running = await startPeer(python ?? '', peer('numpysocket_server.py'));
    await using a = connect(running.target, { dialect: dialects.numpysocket });
    await using b = connect(running.target, { dialect: dialects.numpysocket });
    const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 ? a : b).call([i])));
    expect(replies.map((reply) => reply.get(0))).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  test('a host of it is answered, message after message', async () => {
    const errors: unknown[] = [];
    await using listener = await serve(
      'tcp://127.0.0.1:0',
      {
        dialect: dialects.numpysocket,
        onError: (error) => errors.push(error),
      },
      (input) => input,
    );
    const { hostname, port } = new URL(listener.address);
    const child = spawn(python ?? '', [peer('numpysocket_client.py'), hostname, port], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
    expect(said.trim().split('\n')).toEqual(['float32 (1,) 0.0', 'float32 (7,) 21.0', 'float32 (5000,) 12497500.0']);
    expect(errors).toEqual([]);
  });
});
