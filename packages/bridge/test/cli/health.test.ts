// The exit code of `npbridge health` tells whether a program listens at an address.
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { temporaryFolder } from '../../../transport/test/support/temporary-folder.ts';
import { health } from '../../src/cli/commands/health.ts';

/** Resolves with the output of the command and its exit code. */
async function healthOf(...args: string[]): Promise<{ code: number; printed: string }> {
  const printed: string[] = [];
  const logs = [vi.spyOn(console, 'log'), vi.spyOn(console, 'error')];
  for (const log of logs) log.mockImplementation((line) => void printed.push(line));
  const code = await health.run(args).finally(() => {
    for (const log of logs) log.mockRestore();
  });
  return { code, printed: printed.join('\n') };
}

async function listening(where: { host: string; port: number } | { path: string }): Promise<Server> {
  const connections: unknown[] = [];
  const server = createServer((socket) => connections.push(socket.destroy()));
  await new Promise<void>((resolve) => server.listen(where, resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(connections).toEqual([]);
  });
  return server;
}

test.each(['127.0.0.1', '0.0.0.0', '::1'])(
  'a port on %s, and the same port once nobody listens there',
  async (host) => {
    const server = await listening({ host, port: 0 });
    const { port } = server.address() as { port: number };
    const address = `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
    expect(await healthOf(address)).toEqual({ code: 0, printed: `listens at ${address}` });
    await new Promise((resolve) => server.close(resolve));
    expect(await healthOf(address)).toEqual({ code: 1, printed: `nothing listens at ${address}` });
  },
);

test('a Unix socket', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a socket');
  const address = `unix://${path.replaceAll(' ', '%20')}`;
  expect((await healthOf(address)).code).toBe(1);
  await listening({ path });
  expect(await healthOf(address)).toEqual({ code: 0, printed: `listens at ${address}` });
});

test('invalid addresses', async () => {
  await expect(health.run(['here'])).rejects.toThrow('expected tcp://host:port');
  await expect(health.run(['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2'])).rejects.toThrow(
    'unexpected argument: tcp://127.0.0.1:2',
  );
  await expect(health.run(['memory:model'])).rejects.toThrow('an address that other programs can reach');
});
