// Other users of the machine, and connections on which nothing comes, cannot disturb turns.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { takeTurn } from '../../src/machine/turns/turn.ts';
import { turnFolder } from '../../src/machine/turns/turn-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const UID = process.getuid?.() ?? 0;
const STRANGER = 65_534;
let count = 0;
const fresh = (): string => `others-${process.pid}-${count++}`;

/** Returns the output of a shell command that runs as a user without rights. */
function asStranger(command: string): string {
  const args = ['--reuid', String(STRANGER), '--regid', String(STRANGER), '--clear-groups', 'sh', '-c', command];
  return execFileSync('setpriv', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Returns a folder in which every user may create files, as in /tmp. */
function sticky(): string {
  const folder = temporaryFolder();
  chmodSync(folder, 0o1777);
  return folder;
}

/** Returns the paths of the sockets of a turn. */
function socketsOf(name: string): string[] {
  const folder = turnFolder();
  return readdirSync(join(folder, name)).map((link) => join(folder, name, link));
}

describe('the turn folder', () => {
  test('is made where it can be made, for this user alone, and found again', () => {
    const parent = sticky();
    const folder = turnFolder(UID, () => ['/nowhere/at/all', parent]);
    expect(folder).toBe(join(parent, `npbridge-turns-${UID}`));
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    expect(turnFolder(UID, () => [sticky(), parent])).toBe(folder);
  });

  test('is elsewhere where its name is a link, a file, or open to others; without another place that is one error', () => {
    const target = sticky();
    const made: ((path: string) => void)[] = [
      (path) => symlinkSync(target, path),
      (path) => mkdirSync(path, { mode: 0o777 }),
    ];
    for (const make of made) {
      const parent = sticky();
      make(join(parent, `npbridge-turns-${UID}`));
      if (!lstatSync(join(parent, `npbridge-turns-${UID}`)).isSymbolicLink())
        chmodSync(join(parent, `npbridge-turns-${UID}`), 0o770);
      const other = sticky();
      expect(turnFolder(UID, () => [parent, other])).toBe(join(other, `npbridge-turns-${UID}`));
      expect(() => turnFolder(UID, () => [parent])).toThrow(
        expect.objectContaining({ code: 'TRANSPORT_ADDRESS', fault: 'environment' }),
      );
    }
  });

  test('is not in a folder that others may change, nor where its path would be too long for a socket', () => {
    const open = sticky();
    chmodSync(open, 0o777);
    const long = join(sticky(), 'a'.repeat(90));
    mkdirSync(long);
    expect(() => turnFolder(UID, () => [open, long])).toThrow(/other users may change .*too long/);
  });
});

describe.skipIf(UID !== 0)('another user of the machine', () => {
  test('made the folder first: turns use another folder, and stay there when that user removes it', () => {
    const [parent, other] = [sticky(), sticky()];
    const squatted = join(parent, 'npbridge-turns-0');
    asStranger(`mkdir -m 700 ${squatted}`);
    const parents = (): string[] => [parent, other];
    expect(turnFolder(0, parents)).toBe(join(other, 'npbridge-turns-0'));
    expect(() => turnFolder(0, () => [parent])).toThrow(/belongs to user 65534/);
    asStranger(`rmdir ${squatted}`);
    expect(turnFolder(0, parents)).toBe(join(other, 'npbridge-turns-0'));
  });

  test('can neither see nor enter the folder, and so not take, hold or wait for a turn', async () => {
    const name = fresh();
    const turn = await takeTurn(name);
    const [socket = ''] = socketsOf(name);
    expect(existsSync(socket)).toBe(true);
    expect(() => asStranger(`ls ${turnFolder()}`)).toThrow(/Permission denied/);
    const script = `require('net').connect('${socket}').on('error', (e) => console.log(e.code)).on('connect', () => process.exit(console.log('in')))`;
    expect(asStranger(`${process.execPath} -e "${script}"`).trim()).toBe('EACCES');
    await turn.release();
  });
});

describe('connections that say nothing', () => {
  async function mutes(path: string, many: number): Promise<Socket[]> {
    const sockets = Array.from({ length: many }, () => connect(path).on('error', () => {}));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    await Promise.all(sockets.map((socket) => expect.poll(() => socket.connecting).toBe(false)));
    return sockets;
  }

  test('do not delay the turn, and at most 256 of them are kept', async () => {
    const name = fresh();
    const turn = await takeTurn(name);
    const sockets = await mutes(socketsOf(name)[0] ?? '', 300);
    await expect.poll(() => sockets.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(256);
    const waits = Promise.withResolvers<unknown>();
    const next = takeTurn(name, { onHolder: waits.resolve });
    await waits.promise;
    await turn.release();
    await (await next).release();
  });

  test('and an invalid line ends its connection', async () => {
    const name = fresh();
    const wanted = vi.fn();
    const turn = await takeTurn(name, { onWanted: wanted });
    const path = socketsOf(name)[0] ?? '';
    for (const words of ['hello\n', `${'9'.repeat(20_000)}`, '5:\n', '-1:a\n', `1:${'x'.repeat(41)}\n`]) {
      const [socket] = await mutes(path, 1);
      socket?.resume().write(words);
      await expect.poll(() => socket?.destroyed).toBe(true);
    }
    expect(wanted).not.toHaveBeenCalled();
    await turn.release();
  });
});

test('a folder that is removed between two turns is made again', async () => {
  const name = fresh();
  await (await takeTurn(name)).release();
  rmSync(join(turnFolder(), name), { recursive: true });
  await (await takeTurn(name)).release();
  expect(socketsOf(name)).toHaveLength(1);
});

test('one link stays for each name, however often its turn was taken', async () => {
  const name = fresh();
  for (let i = 0; i < 20; i++) await (await takeTurn(name)).release();
  expect(readdirSync(join(turnFolder(), name))).toEqual(['20']);
});

test('names that differ are different turns, whatever is in them and however long they are', async () => {
  const long = 'x'.repeat(300);
  const names = [long, `y${long}`, 'a/b', 'a_b', '../..', '..', '', '\0', 'ä'].map((name) => `${name}${fresh()}`);
  const turns = await Promise.all(names.map((name) => takeTurn(name)));
  await Promise.all(turns.map((turn) => turn.release()));
});
