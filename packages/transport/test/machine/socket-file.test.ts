// A listener's socket file lies in a folder that other users can write to: whatever they put at its path, the listener changes no
// file of theirs.
import { once } from 'node:events';
import { chmodSync, lstatSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listenUnix } from '../../src/carriers/unix/unix.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { haveMode, pathsIn } from '../../src/machine/socket-files/socket-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const dialect = { request: uintLength({ bytes: 4 }), reply: uintLength({ bytes: 4 }) };

function folder(mode = 0o700): string {
  const made = temporaryFolder();
  chmodSync(made, mode);
  return made;
}

describe('permissions', () => {
  test('a link in the place of the socket is not followed in a folder that others can write to', async () => {
    const open = folder(0o777);
    const secret = join(folder(), 'secret');
    writeFileSync(secret, '', { mode: 0o600 });
    symlinkSync(secret, join(open, 'model.sock'));
    await expect(haveMode(join(open, 'model.sock'), 0o666)).rejects.toThrow(/other users may put files into/);
    expect(statSync(secret).mode & 0o777).toBe(0o600);
  });

  test('they hold in any folder where the mask gives them', async () => {
    const path = join(folder(0o777), 'model.sock');
    await using listener = await listenUnix({ path }, { dialect, permissions: 0o640 }, async (request) => [request]);
    expect(listener.address).toBe(`unix://${path}`);
    expect(lstatSync(path).mode & 0o777).toBe(0o640);
  });
});

test("close() leaves the file that another program has put in the listener's place", async () => {
  const path = join(folder(), 'model.sock');
  const listener = await listenUnix({ path }, { dialect }, async (request) => [request]);
  unlinkSync(path);
  const other = createServer();
  onTestFinished(() => void other.close());
  await once(other.listen(path), 'listening');
  const { ino } = lstatSync(path);
  await listener.close();
  await expect.poll(() => lstatSync(path, { throwIfNoEntry: false })?.ino).toBe(ino);
});

test.skipIf(process.platform !== 'linux')(
  'an abstract name that ends in the path keeps no stale socket file in place',
  async () => {
    const path = join(folder(), 'model.sock');
    const foreign = createServer();
    onTestFinished(() => void foreign.close());
    await once(foreign.listen(`\0 ${path}`), 'listening');
    // This makes a socket file without a listener: Node removes the file of a closed listener only under its old name.
    const { renameSync } = await import('node:fs');
    const dead = createServer();
    await once(dead.listen(`${path}.dead`), 'listening');
    renameSync(`${path}.dead`, path);
    await new Promise((resolve) => dead.close(resolve));
    await using listener = await listenUnix({ path }, { dialect }, async (request) => [request]);
    expect(listener.address).toBe(`unix://${path}`);
  },
);

test('the whole of the last column is the path', () => {
  const head = 'Num       RefCount Protocol Flags    Type St Inode Path';
  const line = (name: string): string => `0000000000000000: 00000002 00000000 00010000 0001 01 12345 ${name}`;
  const table = [head, line('/run/a b.sock'), line('@x /run/c.sock'), line('').trimEnd()].join('\n');
  expect(pathsIn(table)).toEqual(expect.arrayContaining(['/run/a b.sock', '@x /run/c.sock']));
  expect(pathsIn(table)).not.toContain('/run/c.sock');
});
