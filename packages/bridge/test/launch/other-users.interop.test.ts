// Other users of the machine cannot disturb a launch, and a launch does not disturb them.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { launchesFolder } from '../../src/launch/leftovers/folder.ts';
import { hostLives, LAUNCH_VARIABLE, newLaunchName } from '../../src/launch/leftovers/launch-name.ts';
import { removeFolder } from '../../src/launch/leftovers/removal.ts';
import { processes } from '../../src/launch/process/process-runtime.ts';
import { pythons } from '../pythons.ts';
import { folders, MODELS, runs, start } from './launching.ts';
import { asOther, asOtherWithHiddenProcesses, isRoot, OTHER_UID, outputOf, pythonOfOther } from './other-user.ts';

const python = pythons[0]?.[1] ?? '';
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const TWICE = fileURLToPath(new URL('twice-host.ts', import.meta.url));

/** Resolves with the child's next output, or with '' if it has ended. */
const said = async (child: ChildProcess): Promise<string> =>
  await Promise.race([
    once(child.stdout ?? child, 'data').then(([chunk]) => String(chunk)),
    once(child, 'exit').then(() => ''),
  ]);

describe.skipIf(python === '' || pythonOfOther === undefined)('another user', () => {
  test.each(['who reads', 'mute'])(
    '%s: connects to every socket with a name, and gets nothing of what models write',
    async (way) => {
      const thief = asOther([process.execPath, here('output-thief.mjs'), way]);
      expect(await said(thief)).toBe('looking\n');
      const mark = randomUUID();
      const code = `import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print('${mark}'); time.sleep(60)`;
      for (let i = 0; i < 8; i++) {
        const port = await freePort();
        const { launched } = await start(python, '', { command: [python, '-c', code, `${port}`], port, lane: false });
        await expect.poll(() => launched.logs.tail(100).map(({ text }) => text)).toContain(mark);
        await launched.stop();
      }
      const stolen = outputOf(thief);
      thief.stdin.write('\n');
      expect(await stolen).not.toContain(mark);
    },
  );

  test('has taken the names of the folders for launches: others are made, and found again', async () => {
    const [shared, uid] = ['/dev/shm', 4_000_000_123];
    const taken = [shared, tmpdir()].map((parent) => join(parent, `npbridge-${uid}`));
    const spare = (): string[] =>
      [shared, tmpdir()].flatMap((parent) =>
        readdirSync(parent)
          .filter((name) => name.startsWith(`npbridge-${uid}-`))
          .map((name) => join(parent, name)),
      );
    onTestFinished(() => {
      for (const path of [...taken, ...spare()]) rmSync(path, { recursive: true, force: true });
    });
    for (const path of taken) mkdirSync(path);
    const script = `import { launchesFolder } from ${JSON.stringify(here('../../src/launch/leftovers/folder.ts'))};
      console.log(JSON.stringify([launchesFolder(), launchesFolder()]));`;
    const env = { PATH: process.env['PATH'] ?? '' };
    const child = spawn(
      'setpriv',
      [...['--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups', process.execPath], '-e', script],
      { stdio: ['ignore', 'pipe', 'inherit'], env },
    );
    const [first, second] = JSON.parse(await said(child)) as string[];
    expect(first).toMatch(/^\/dev\/shm\/npbridge-4000000123-/);
    expect(second).toBe(first);
    expect(lstatSync(first ?? '')).toMatchObject({ uid });
  });

  test('sees no process of others in /proc: a living host is not taken for one that has ended', async () => {
    const script = `import { hostLives, isAbandoned } from ${JSON.stringify(here('../../src/launch/leftovers/launch-name.ts'))};
      const [mine, gone] = process.argv.slice(1);
      console.log(JSON.stringify([mine, gone].map((each) => [hostLives(each) ?? 'unknown', isAbandoned(each)])));`;
    const mine = newLaunchName();
    expect(hostLives(mine)).toBe(true);
    // The names say that the other user has made the launch, because /proc may hide a program with capabilities even from its own
    // user.
    const [living, gone] = [mine, mine.replace(/^\d+/, '4194305')].map((name) =>
      name.replace(/u\d+$/, `u${OTHER_UID}`),
    );
    const child = asOtherWithHiddenProcesses([process.execPath, '-e', script, living ?? '', gone ?? '']);
    expect(JSON.parse(await outputOf(child))).toEqual([
      ['unknown', false],
      [false, true],
    ]);
  });

  test('has left a process behind: who may see it leaves it alone', async () => {
    const mark = `${newLaunchName().replace(/^\d+/, '4194305')}.0`;
    const sleeping = asOther(['env', `${LAUNCH_VARIABLE}=${mark.replace(/u\d+/, `u${OTHER_UID}`)}`, 'sleep', '1000']);
    const ours = spawn('sleep', ['1000'], { env: { ...process.env, [LAUNCH_VARIABLE]: mark } });
    onTestFinished(() => void ours.kill('SIGKILL'));
    await Promise.all([once(sleeping, 'spawn'), once(ours, 'spawn')]);
    await expect.poll(() => isCalled(sleeping.pid ?? 0, 'sleep')).toBe(true);
    await using runtime = processes();
    await runtime.sweep();
    expect(runs(ours.pid ?? 0)).toBe(false);
    expect(runs(sleeping.pid ?? 0)).toBe(true);
  });

  test("has a launch in whose folder a container's root has left something: it can be stopped, and started again", async () => {
    const port = await freePort();
    const host = asOther([
      process.execPath,
      '--conditions=@bridge/source',
      TWICE,
      pythonOfOther ?? '',
      MODELS,
      String(port),
    ]);
    expect(await said(host)).toBe('launched\n');
    const launches = `/dev/shm/npbridge-${OTHER_UID}`;
    const launch = join(launches, readdirSync(launches).find((name) => name.startsWith(`${host.pid}s`)) ?? '');
    onTestFinished(() => rmSync(launch, { recursive: true, force: true }));
    const left = join(launch, '0/cache');
    mkdirSync(left, { mode: 0o700 });
    writeFileSync(join(left, 'weights'), '');
    const saying = said(host);
    host.stdin.write('\n');
    const { answered, logs } = JSON.parse(await saying) as { answered: number; logs: string[][] };
    expect(answered).toBe(7);
    expect(logs[0]).toContain(`the folder of the launch cannot be removed: ${left}: EACCES`);
    expect(readdirSync(launch)).toEqual(['0']);
    expect(logs[1]).toContainEqual(expect.stringMatching(/^messages go by a lane/));
  });
});

describe.skipIf(!isRoot)('a machine', () => {
  const mounted = async (mounts: string, script: string): Promise<unknown> => {
    const args = [
      '--mount',
      'sh',
      '-c',
      `${mounts} && exec "$@"`,
      'sh',
      process.execPath,
      '--conditions=@bridge/source',
      '-e',
      script,
    ];
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    return JSON.parse(await said(child));
  };

  test('whose shared memory can only be read: the files of launches are elsewhere, though their folder is there', async () => {
    expect(launchesFolder()).toMatch(/^\/dev\/shm\/npbridge-0/);
    const script = `import { launchesFolder } from ${JSON.stringify(here('../../src/launch/leftovers/folder.ts'))};
      console.log(JSON.stringify(launchesFolder()));`;
    const readOnly = 'mount --bind /dev/shm /dev/shm && mount -o remount,ro,bind /dev/shm';
    expect(await mounted(readOnly, script)).not.toMatch(/^\/dev\/shm/);
  });

  test('without /proc: a launch says so, by its code', async () => {
    const script = `import { launch } from ${JSON.stringify(here('../../src/launch/index.ts'))};
      const error = await launch({ command: ['true'], port: 6000 }).catch((reason) => reason);
      console.log(JSON.stringify([error.code, error.fault, error.message]));`;
    expect(await mounted('umount -l /proc', script)).toEqual([
      'BRIDGE_LAUNCH',
      'environment',
      expect.stringContaining('with /proc mounted'),
    ]);
  });
});

describe('what is removed of a launch', () => {
  test('is what is in its folder, and nothing that links lead to', async () => {
    const folder = join(launchesFolder(), 'removed');
    const outside = join(launchesFolder(), 'outside');
    for (const each of [folder, outside, join(folder, 'lane/deep/er')]) mkdirSync(each, { recursive: true });
    for (const each of [join(outside, 'kept'), join(folder, 'lane/deep/file')]) writeFileSync(each, '');
    symlinkSync(outside, join(folder, 'lane/link'));
    symlinkSync(join(outside, 'kept'), join(folder, 'lane/deep/link'));
    expect(await removeFolder(folder)).toBeUndefined();
    expect(folders()).not.toContain('removed');
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    expect(await removeFolder(folder)).toBeUndefined();
    symlinkSync(outside, folder);
    expect(await removeFolder(folder)).toBeUndefined();
    expect(folders()).not.toContain('removed');
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    rmSync(outside, { recursive: true });
  });
});

/** Returns whether a process runs the given program: it is setpriv first, then env, and then the program. */
function isCalled(pid: number, name: string): boolean {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name;
}
