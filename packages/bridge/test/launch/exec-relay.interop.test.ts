// The carrier through docker exec, with the real exec-relay/relay.py. This process stands in for the engine: it starts each relay on this
// machine and passes on the relay's output as the engine does. exec-relay.docker.test.ts has the same carrier with a real engine.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { Duplex, Transform } from 'node:stream';
import { fixedLength, uintLength } from '@bridge/transport';
import type Docker from 'dockerode';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { execRelay } from '../../src/launch/docker/exec/exec-relay.ts';
import { pythons } from '../pythons.ts';

const dialect = { request: uintLength({ bytes: 1 }), reply: fixedLength({ bytes: 1 }) };

/** A model that answers a message of one byte with that byte, once the function for its connection is called. */
async function model(): Promise<{ port: number; answers: (() => void)[] }> {
  const answers: (() => void)[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => answers.push(() => socket.end(bytes.subarray(1))));
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, answers };
}

/** A container, as far as the carrier asks for it: it starts programs, and none between a call of `hold` and one of what `hold` returned. */
function container(python: string): { container: Docker.Container; relays: ChildProcess[]; hold: () => () => void } {
  const relays: ChildProcess[] = [];
  let held: Promise<void> | undefined;
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return resolve;
  };
  const start = async ([, ...args]: readonly string[]): Promise<Duplex> => {
    await held;
    const relay = spawn(python, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    relays.push(relay);
    const head = (bytes: Buffer): Buffer => {
      const frame = Buffer.alloc(8);
      frame[0] = 1;
      frame.writeUInt32BE(bytes.length, 4);
      return frame;
    };
    const output = new Transform({
      transform: (bytes: Buffer, _, done) => done(null, Buffer.concat([head(bytes), bytes])),
    });
    return Duplex.from({ readable: relay.stdout.pipe(output), writable: relay.stdin });
  };
  onTestFinished(() => {
    for (const relay of relays) relay.kill();
  });
  const exec = async ({ Cmd }: { Cmd: string[] }) => ({ start: () => start(Cmd) });
  // Cast: the carrier calls no more of a container than this.
  return { container: { id: '0123456789ab', exec } as unknown as Docker.Container, relays, hold };
}

const until = async (condition: () => boolean): Promise<void> => {
  await expect.poll(condition).toBe(true);
};

describe.each(pythons)('%s', (_, python) => {
  test.skipIf(!python)(
    'a relay that is busy while the carrier rests is used again, and ends with the carrier',
    async () => {
      const { port, answers } = await model();
      const { container: inside, relays } = container(python ?? '');
      const carrier = await execRelay(inside, { host: '127.0.0.1', port }, { dialect });
      const first = carrier.exchange([Buffer.from('1')]);
      await until(() => answers.length === 1);
      carrier.rest?.();
      answers[0]?.();
      expect(Buffer.from(await first).toString()).toBe('1');
      const second = carrier.exchange([Buffer.from('2')]);
      await until(() => answers.length === 2);
      answers[1]?.();
      expect(Buffer.from(await second).toString()).toBe('2');
      expect(relays).toHaveLength(1);
      await carrier.close();
      await until(() => relays.every(({ exitCode }) => exitCode === 0));
    },
  );

  test.skipIf(!python)('a message that is aborted while its relay starts rejects at once', async () => {
    const { port, answers } = await model();
    const { container: inside, relays, hold } = container(python ?? '');
    const carrier = await execRelay(inside, { host: '127.0.0.1', port }, { dialect });
    const first = carrier.exchange([Buffer.from('1')]);
    await until(() => answers.length === 1);
    const release = hold();
    const enough = new AbortController();
    const second = carrier.exchange([Buffer.from('2')], { signal: enough.signal });
    enough.abort('enough');
    await expect(second).rejects.toBe('enough');
    const closed = carrier.close();
    answers[0]?.();
    await first;
    release();
    await closed;
    expect(answers).toHaveLength(1);
    await until(() => relays.length === 2 && relays.every(({ exitCode }) => exitCode === 0));
  });

  test.skipIf(!python)('a message that loses its memory while its relay starts is refused', async () => {
    const { port, answers } = await model();
    const { container: inside, relays, hold } = container(python ?? '');
    const carrier = await execRelay(inside, { host: '127.0.0.1', port }, { dialect });
    const first = carrier.exchange([Buffer.from('1')]);
    await until(() => answers.length === 1);
    const release = hold();
    // The framing would send it as an empty message.
    const bytes = Uint8Array.of(2);
    const second = carrier.exchange([bytes]);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    release();
    await expect(second).rejects.toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', detail: { expected: 1, actual: 0 } });
    answers[0]?.();
    await first;
    await carrier.close();
    expect(answers).toHaveLength(1);
    await until(() => relays.length === 2 && relays.every(({ exitCode }) => exitCode === 0));
  });

  test.skipIf(!python)('a relay that starts after the limit is ended', async () => {
    const { port } = await model();
    const { container: inside, relays, hold } = container(python ?? '');
    const release = hold();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const opening = execRelay(inside, { host: '127.0.0.1', port }, { dialect });
    const refused = expect(opening).rejects.toMatchObject({ code: 'TRANSPORT_UNREACHABLE' });
    await new Promise(setImmediate);
    vi.runOnlyPendingTimers();
    await refused;
    vi.useRealTimers();
    release();
    await until(() => relays.length === 1 && relays[0]?.exitCode !== null);
  });

  test.skipIf(!python)('idle relays end when the carrier rests', async () => {
    const { port } = await model();
    const { container: inside, relays } = container(python ?? '');
    const carrier = await execRelay(inside, { host: '127.0.0.1', port }, { dialect });
    carrier.rest?.();
    await until(() => relays[0]?.exitCode === 0);
    await carrier.close();
  });
});
