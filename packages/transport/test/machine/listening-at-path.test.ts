// `listeningAtPath` tells without a connection whether a program listens at a Unix socket.
import { symlinkSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join, relative } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listeningAtPath } from '../../src/machine/socket-files/listening-at-path.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function listen(path: string): Promise<Server> {
  const connections: unknown[] = [];
  const server = createServer((socket) => connections.push(socket.destroy()));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(connections).toEqual([]);
  });
  return server;
}

test('a file, by any spelling of its path, and the same file once nobody listens there', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a socket');
  const link = join(temporaryFolder(), 'link');
  symlinkSync(folder, link);
  const spellings = [path, relative(process.cwd(), path), join(link, 'a socket')];
  const answers = (): Promise<unknown[]> => Promise.all(spellings.map(listeningAtPath));
  expect(await answers()).toEqual([false, false, false]);
  const server = await listen(path);
  expect(await answers()).toEqual([true, true, true]);
  expect(await listeningAtPath(`${path}2`)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  expect(await answers()).toEqual([false, false, false]);
});

test('an abstract name, and no path', async () => {
  const name = `bridge-listening-${process.pid}`;
  await listen(`\0${name}`);
  expect(await listeningAtPath(`@${name}`)).toBe(true);
  expect(await listeningAtPath(`@${name}2`)).toBe(false);
  await expect(listeningAtPath(5 as never)).rejects.toMatchObject({ code: 'TRANSPORT_BAD_OPTION' });
});
