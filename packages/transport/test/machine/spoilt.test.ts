// The folder for turns is damaged: files are removed while a turn is held, killed processes leave files behind, the disk is full.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lutimesSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { removeStaleSocketFiles } from '../../src/machine/turns/stale-socket-files.ts';
import { type Turn, takeTurn } from '../../src/machine/turns/turn.ts';
import { turnFolder } from '../../src/machine/turns/turn-folder.ts';

/** A process id that no process has. */
const NOBODY = 2 ** 31 - 1;
let count = 0;
const fresh = (): string => `spoilt-${process.pid}-${count++}`;
const inFolder = (entry: string): string => join(turnFolder(), entry);
const own = (): string[] => readdirSync(turnFolder()).filter((entry) => entry.startsWith(`${process.pid}.`));

function removeAll(entries: readonly string[]): void {
  for (const entry of entries) rmSync(inFolder(entry), { recursive: true });
}

describe('files removed while a turn is held and two wait for it', () => {
  test.each([
    ['its links', (name: string) => removeAll([name])],
    ['all sockets of the process', () => removeAll(own())],
    ['all sockets and links', (name: string) => removeAll([...own(), name])],
  ])('%s: all have their turn, and those that waited exclude each other', async (_, remove) => {
    const name = fresh();
    const first = await takeTurn(name);
    let holding = 0;
    const use = async (taking: Promise<Turn>): Promise<void> => {
      const turn = await taking;
      expect(++holding).toBe(1);
      await pause(30);
      holding--;
      await turn.release();
    };
    const waiting = [use(takeTurn(name)), use(takeTurn(name))];
    await expect.poll(() => own().length).toBeGreaterThanOrEqual(3);
    remove(name);
    await first.release();
    await Promise.all([...waiting, use(takeTurn(name)), use(takeTurn(name))]);
  });
});

describe('the socket of a process that was killed while it waited', () => {
  const longAgo = (entry: string): void => lutimesSync(inFolder(entry), 0, 0);

  test('is removed at a later turn; those of living processes stay, also if /proc does not show them', async () => {
    const name = fresh();
    const held = await takeTurn(name);
    const holder = fileURLToPath(new URL('./holder.mjs', import.meta.url));
    const waiter = spawn(process.execPath, ['--conditions=@bridge/source', holder, name, '/nowhere'], {
      stdio: 'ignore',
    });
    const find = (): string | undefined =>
      readdirSync(turnFolder()).find((entry) => entry.startsWith(`${waiter.pid}.`));
    await expect.poll(find).toBeDefined();
    const left = find() ?? '';
    waiter.kill('SIGKILL');
    await once(waiter, 'exit');
    const unseen = createServer().listen(inFolder(`${NOBODY}.unseen`));
    await once(unseen, 'listening');
    onTestFinished(() => void unseen.close());
    const alive = own();
    // A new socket file may belong to a process that is about to listen.
    await removeStaleSocketFiles(turnFolder());
    expect(existsSync(inFolder(left))).toBe(true);
    for (const entry of [left, `${NOBODY}.unseen`, ...alive]) longAgo(entry);
    await (await takeTurn(fresh())).release();
    await expect.poll(() => existsSync(inFolder(left))).toBe(false);
    expect(existsSync(inFolder(`${NOBODY}.unseen`))).toBe(true);
    for (const entry of alive) expect(existsSync(inFolder(entry))).toBe(true);
    await held.release();
  });
});

describe.skipIf(process.getuid?.() !== 0)('a full disk (as root, who can make one)', () => {
  test('is one error with a code for each caller, and turns go on when there is room', async () => {
    const program = fileURLToPath(new URL('./full-disk.mjs', import.meta.url));
    const mounted = 'mount -t tmpfs -o size=1m,nr_inodes=12 none /dev/shm && exec "$@"';
    const words = [process.execPath, '--conditions=@bridge/source', program];
    const { stdout } = await promisify(execFile)('unshare', ['-m', 'sh', '-c', mounted, 'sh', ...words]);
    expect(stdout.trim().split('\n')).toEqual([
      'another name: TRANSPORT_ADDRESS ENOSPC',
      'one more who waits: TRANSPORT_ADDRESS ENOSPC',
      'who waited: TRANSPORT_ADDRESS ENOSPC',
      'with room again: taken',
    ]);
  });
});
