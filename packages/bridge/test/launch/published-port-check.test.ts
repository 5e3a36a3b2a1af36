// The owner of a published port is found by the sockets that listen there. They are real sockets of this process.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { Carrier } from '@bridge/transport';
import { tcp } from '@bridge/transport/tcp';
import { expect, onTestFinished, test } from 'vitest';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { PublishedPort } from '../../src/launch/docker/container/published-port-check.ts';
import { asOther, isRoot, pythonOfOther } from './other-user.ts';

const runs = async (): Promise<boolean> => true;
const lives = (): boolean => true;

async function listener(port = 0): Promise<{ server: Server; port: number; taken: () => number }> {
  let taken = 0;
  const server = createServer((socket) => {
    taken++;
    socket.on('error', () => {}).on('data', () => {});
    socket.end('');
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { server, port: (server.address() as { port: number }).port, taken: () => taken };
}

test.skipIf(process.platform !== 'linux')(
  'another socket at the same port is a stranger, though its user is the same',
  async () => {
    const { server, port } = await listener();
    const published = new PublishedPort(port, runs, lives);
    expect(published.isPeer()).toBe(false);
    expect(await published.confirm()).toBe(true);
    expect(published.isPeer()).toBe(true);
    server.close();
    expect(published.isPeer()).toBe(false);
    await listener(port);
    expect(published.isPeer()).toBe(false);
  },
);

test.skipIf(process.platform !== 'linux')(
  'an engine that has none, because a packet filter leads there: whoever listens is a stranger',
  async () => {
    const { server, port } = await listener();
    server.close();
    await once(server, 'close');
    const published = new PublishedPort(port, runs, lives);
    expect(await published.confirm()).toBe(true);
    expect(published.isPeer()).toBe(true);
    await listener(port);
    expect(published.isPeer()).toBe(false);
  },
);

test('nothing is a peer once the container is known to have ended, or the engine does not say that it runs', async () => {
  const { port } = await listener();
  let there = true;
  const published = new PublishedPort(port, runs, () => there);
  expect(await published.confirm()).toBe(true);
  there = false;
  expect(published.isPeer()).toBe(false);
  expect(await new PublishedPort(port, async () => false, lives).confirm()).toBe(false);
});

test('where the system does not tell who listens, the engine is asked before each message', async () => {
  const { port, taken } = await listener();
  let there = true;
  const published = new PublishedPort(
    port,
    async () => there,
    lives,
    () => undefined,
  );
  const { isPeer } = published;
  const carrier: Carrier = published.guard(tcp({ host: '127.0.0.1', port }, { dialect: dialects.seed, isPeer }));
  onTestFinished(() => carrier.close());
  await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(taken()).toBe(1);
  there = false;
  await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ detail: { stranger: true } });
  expect(taken()).toBe(1);
});

test.skipIf(process.platform !== 'linux')(
  'an engine that was restarted has another socket: it is asked once more',
  async () => {
    const { server, port } = await listener();
    const published = new PublishedPort(port, runs, lives);
    const { isPeer } = published;
    const carrier: Carrier = published.guard(tcp({ host: '127.0.0.1', port }, { dialect: dialects.seed, isPeer }));
    onTestFinished(() => carrier.close());
    expect(await published.confirm()).toBe(true);
    server.close();
    await once(server, 'close');
    const { taken } = await listener(port);
    await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ detail: { stranger: true } });
    await expect.poll(isPeer).toBe(true);
    await expect(carrier.exchange([Uint8Array.of(1)])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    expect(taken()).toBe(2);
  },
);

test.skipIf(!isRoot || pythonOfOther === undefined)(
  'a socket of another user is not taken for the engine, whatever the engine says of the container',
  async () => {
    const program = `import socket, time
sock = socket.create_server(('127.0.0.1', 0))
print(sock.getsockname()[1], flush=True)
time.sleep(1000)`;
    const child = asOther([pythonOfOther ?? '', '-c', program]);
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const published = new PublishedPort(Number(String(port)), runs, lives);
    expect(await published.confirm()).toBe(false);
    expect(published.isPeer()).toBe(false);
  },
);
