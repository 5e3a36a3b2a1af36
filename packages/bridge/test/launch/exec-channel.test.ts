// A container sends invalid output in place of the relay's protocol, because the model may have replaced its Python by a program
// that writes anything.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { isTransportError, type TransportError, uintLength } from '@bridge/transport';
import { expect, onTestFinished, test } from 'vitest';
import { ExecChannel } from '../../src/launch/docker/exec/exec-channel.ts';

const framing = uintLength({ bytes: 4 });
const REPLY = Buffer.from('\0\0\0\x03abc');

/** Returns a frame of the relay, in the form in which the engine passes on its standard output. */
function said(kind: string, body: string | Uint8Array = '', length?: number | bigint): Buffer {
  const bytes = Buffer.from(body as string);
  const frame = Buffer.alloc(9 + bytes.length);
  frame.write(kind, 'latin1');
  frame.writeBigUInt64BE(BigInt(length ?? bytes.length), 1);
  bytes.copy(frame, 9);
  return written(frame);
}

function written(bytes: Uint8Array, stream = 1): Buffer {
  const head = Buffer.alloc(8);
  head[0] = stream;
  head.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([head, bytes]);
}

async function channel(): Promise<{ channel: ExecChannel; container: Socket }> {
  const server = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const near = connect({ host: '127.0.0.1', port });
  const [container] = (await once(server, 'connection')) as [Socket];
  container.on('error', () => {});
  onTestFinished(() => {
    near.destroy();
    container.destroy();
    server.close();
  });
  const dialect = { request: framing, reply: framing };
  return {
    channel: new ExecChannel('127.0.0.1:6000 in container 1', near, { dialect, limits: { maxMessageBytes: 1000 } }),
    container,
  };
}

/** Resolves with the reply to a message, or with its error. The container answers with `words`. */
async function answer(...words: readonly Uint8Array[]): Promise<TransportError | string> {
  const { channel: relay, container } = await channel();
  container.write(said('H'));
  await relay.ready;
  container.once('data', () => {
    for (const each of words) container.write(each);
  });
  const error = await relay.exchange([Buffer.from('x')], {}).then(
    (reply) => Buffer.from(reply).toString(),
    (reason: unknown) => reason,
  );
  if (typeof error !== 'string' && !isTransportError(error)) throw error;
  return error;
}

test('an answer, cut anywhere', async () => {
  const bytes = Buffer.concat([said('A'), said('O'), said('S'), said('D', REPLY)]);
  expect(await answer(bytes)).toBe('abc');
  expect(await answer(...[...bytes].map((byte) => Uint8Array.of(byte)))).toBe('abc');
});

test.each([
  ['an errno of 2^50 bytes', [said('A'), said('U', '111', 2 ** 50)]],
  ['an errno of 2^64 - 1 bytes', [said('A'), said('L', '111', 2n ** 64n - 1n)]],
  ['an errno of nine digits', [said('A'), said('L', '111111111')]],
  ['a piece of 2^50 bytes', [said('A'), said('O'), said('D', 'abc', 2 ** 50)]],
  ['a connection with a body', [said('A'), said('O', 'abc')]],
  ['a second greeting', [said('H')]],
  ['a part of a reply that has no bytes', [said('A'), said('O'), said('D')]],
  ['that it has the message, twice', [said('A'), said('A')]],
  ['that it has connected, twice', [said('A'), said('O'), said('O')]],
  ['that all was sent, twice', [said('A'), said('O'), said('S'), said('S')]],
  ['steps of a message that it does not have, without an end', Array.from({ length: 200 }, () => said('O'))],
  ['an invalid kind', [said('\xff')]],
  ['a reply that nobody waits for, without an end', [said('D', new Uint8Array(1_100_000))]],
])('%s: one error with a code', async (_, words) => {
  expect(await answer(...words)).toMatchObject({ code: 'TRANSPORT_BAD_FRAME', fault: 'peer' });
});

test('a message is never called unseen once there was a connection', async () => {
  expect(await answer(said('A'), said('U', '111'))).toMatchObject({ code: 'TRANSPORT_REFUSED' });
  expect(await answer(said('A'), said('O'), said('U', '111'))).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
});

test('an endless note about a message that is not there: no more of it is read', async () => {
  const { channel: relay, container } = await channel();
  container.write(said('H'));
  await relay.ready;
  for (let i = 0; i < 200; i++) container.write(said('A'));
  await expect.poll(() => relay.idle).toBe(false);
});

test('words in place of a greeting are quoted, and short', async () => {
  const { channel: relay, container } = await channel();
  container.end(written(Buffer.from(`no python \x1b[2J\u202e${'x'.repeat(100_000)}`), 2));
  const error = await relay.ready.catch((reason: TransportError) => reason);
  expect(error).toMatchObject({ code: 'TRANSPORT_UNREACHABLE' });
  expect(String(error)).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
  expect(String(error).length).toBeLessThan(800);
});

test('an invalid greeting', async () => {
  const { channel: relay, container } = await channel();
  container.write(written(Buffer.from('Hello, I am no relay')));
  await expect(relay.ready).rejects.toMatchObject({ code: 'TRANSPORT_UNREACHABLE' });
});

test('a violation right behind the greeting: a message is refused, and not seen', async () => {
  const { channel: relay, container } = await channel();
  container.write(Buffer.concat([said('H'), said('\xff')]));
  await relay.ready;
  await expect.poll(() => relay.isOver).toBe(true);
  await expect(async () => await relay.exchange([Buffer.from('x')], {})).rejects.toMatchObject({
    code: 'TRANSPORT_UNREACHABLE',
  });
});
