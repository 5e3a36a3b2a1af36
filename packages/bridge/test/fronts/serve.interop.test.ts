// The real webcam_stream.py, an unmodified Python host, calls a TypeScript handler.

import { spawn } from 'node:child_process';
import { connect as netConnect } from 'node:net';
import { encode } from '@bridge/npy';
import { describe, expect, test } from 'vitest';
import { startModelProcess } from '../../../../examples/demo/src/model-process.ts';
import { MODEL_FOLDER } from '../../../../examples/demo/src/running-model.ts';
import { connect, serve } from '../../src/index.ts';
import { pythons } from '../pythons.ts';
import { framed } from '../support/seed-host.ts';

/** Runs the Python host with an address, and resolves with the JSON that it prints last. */
async function webcam(python: string, address: string, ...args: string[]): Promise<Record<string, unknown>> {
  const { hostname, port } = new URL(address);
  const child = spawn(python, ['webcam_stream.py', '--host', hostname, '--port', port, '--frames', '12', ...args], {
    cwd: MODEL_FOLDER,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(0);
  return JSON.parse(out.trim().split('\n').at(-1) ?? '');
}

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`webcam_stream.py on ${label}`, () => {
    test('a host reads its replies from TypeScript as it would from Python', async () => {
      await using running = await startModelProcess(python ?? '');
      const direct = await webcam(python ?? '', running.target, '--reply', 'npy');
      await using model = connect(running.target);
      const shapes: unknown[] = [];
      await using listener = await serve('tcp://127.0.0.1:0', async (frame, { signal }) => {
        shapes.push(frame.shape);
        return await model.call(frame, { signal });
      });
      for (const mode of ['eof', 'npy']) {
        const through = await webcam(python ?? '', listener.address, '--reply', mode);
        expect(through['checksum']).toBe(direct['checksum']);
      }
      expect(shapes).toEqual(Array.from({ length: 24 }, () => [480, 640, 3]));
      expect(await running.untouched()).toBe(true);
    });
  });
}

test('bad requests and handlers that throw are reported, and serving goes on', async () => {
  const errors: unknown[] = [];
  let calls = 0;
  await using listener = await serve(
    'tcp://127.0.0.1:0',
    { onError: (error) => errors.push(error), limits: { maxMessageBytes: 10_000 } },
    (input) => {
      if (++calls === 1) throw new Error('not today');
      return input;
    },
  );
  const { port } = new URL(listener.address);
  const raw = (bytes: Uint8Array | string): Promise<Buffer> =>
    new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const socket = netConnect(Number(port), '127.0.0.1', () => socket.end(bytes));
      socket.on('error', () => {});
      socket.on('data', (chunk) => chunks.push(chunk as Buffer));
      socket.on('close', () => resolve(Buffer.concat(chunks)));
    });
  const good = encode([1, 2, 3]);
  const whole = framed(good);
  expect((await raw(whole)).length).toBe(0);
  expect((await raw('5         hello')).length).toBe(0);
  expect((await raw('GET / HTTP/1.1\r\n\r\n')).length).toBe(0);
  expect((await raw('99999     ')).length).toBe(0);
  expect((await raw(whole.subarray(0, 60))).length).toBe(0);
  expect((await raw('')).length).toBe(0);
  expect(await raw(whole)).toEqual(Buffer.from(good));
  expect(errors).toMatchObject([
    { message: 'not today' },
    { code: 'BRIDGE_BAD_REQUEST', cause: { code: 'NPY_NOT_NPY' } },
    { code: 'TRANSPORT_BAD_FRAME' },
    { code: 'TRANSPORT_TOO_LARGE' },
    { code: 'TRANSPORT_TRUNCATED' },
  ]);
});
