// A host that ends without stopping its launches leaves nothing behind, at the latest after the next host has launched.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { abandonedLaunches, launchesFolder } from '../../src/launch/leftovers/folder.ts';
import {
  hostLives,
  isAbandoned,
  isOfThisUser,
  newLaunchName,
  startTicks,
} from '../../src/launch/leftovers/launch-name.ts';
import { pythons } from '../pythons.ts';
import { folders, MODELS, parentOf, processesWithWord, runs, start } from './launching.ts';

const python = pythons[0]?.[1] ?? '';
const HOST = fileURLToPath(new URL('doomed-host.ts', import.meta.url));

async function host(
  way: string,
  server = 'echo',
): Promise<{ child: ChildProcess; pid: number; port: number; ended: Promise<unknown> }> {
  const port = await freePort();
  const args = ['--conditions=@bridge/source', HOST, python, MODELS, server, String(port), way];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', way === 'throw' ? 'ignore' : 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  const [line] = await once(child.stdout ?? child, 'data');
  return { child, port, ended, ...(JSON.parse(String(line)) as { pid: number }) };
}

describe.skipIf(python === '')('a host that', () => {
  test.each([
    ['wait', 'SIGKILL'],
    ['wait', 'SIGTERM'],
    ['exit', undefined],
    ['throw', undefined],
    ['comes to its end', undefined],
  ] as const)('%s, %s: its model ends with it', async (way, signal) => {
    const { child, pid, ended } = await host(way);
    if (signal) child.kill(signal);
    await ended;
    await expect.poll(() => runs(pid)).toBe(false);
  });

  test('is killed together with its reaper: the next launch cleans up, and leaves models of living hosts alone', async () => {
    const [doomed, living] = [await host('wait', 'with_children'), await host('wait')];
    const launch = folders().find((name) => name.startsWith(`${doomed.child.pid}s`)) ?? '';
    expect(readdirSync(join(launchesFolder(), launch))).toContain(`process-${doomed.pid}`);
    const reapers = processesWithWord('npbridge-reaper').filter((pid) => parentOf(pid) === doomed.child.pid);
    expect(reapers).toHaveLength(1);
    for (const reaper of reapers) process.kill(reaper, 'SIGKILL');
    doomed.child.kill('SIGKILL');
    await doomed.ended;
    expect(runs(doomed.pid)).toBe(true);
    const { launched } = await start(python, 'echo', { at: doomed.port });
    expect(runs(doomed.pid)).toBe(false);
    expect(runs(living.pid)).toBe(true);
    expect(processesWithWord(`1000.${doomed.port}`)).toEqual([]);
    expect(folders()).not.toContain(launch);
    expect(launched.logs.tail().map(({ text }) => text)).toContain(
      `removed process ${doomed.pid}, which a host had left behind`,
    );
    living.child.kill('SIGKILL');
  });
});

describe.skipIf(python === '')('a host that closes its model and does not wait for the answer', () => {
  async function run(program: string, way: 'lane' | 'port'): Promise<string> {
    const script = fileURLToPath(new URL(program, import.meta.url));
    const args = ['--conditions=@bridge/source', script, python, MODELS, String(await freePort()), way];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return stdout.trim();
  }

  test.each(['lane', 'port'] as const)('ends, though the model never answers: by its %s', async (way) => {
    expect(await run('closing-host.ts', way)).toBe(`${way} BRIDGE_CLOSED`);
  });

  test.each(['lane', 'port'] as const)('goes on for another model that does: by its %s', async (way) => {
    expect(await run('sharing-host.ts', way)).toBe(`${way} BRIDGE_CLOSED 7`);
  });
});

describe.skipIf(python === '')('a host without descriptors', () => {
  test('does not take its model for deaf or dead', async () => {
    const script = fileURLToPath(new URL('exhausted-host.ts', import.meta.url));
    const args = ['--conditions=@bridge/source', script, python, MODELS, String(await freePort())];
    const child = spawn('sh', ['-c', 'ulimit -n 64; exec "$@"', 'sh', process.execPath, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const [line] = await once(child.stdout, 'data');
    expect(JSON.parse(String(line))).toEqual({ held: true, answered: 7, faults: {} });
  });
});

describe('the folder of a launch whose name does not say its user, as earlier versions made them', () => {
  const old = (pid: number): string => newLaunchName().replace(/^\d+/, String(pid)).replace(/u\d+$/, '');

  test('counts as abandoned if its host has ended, and not if its host lives or is unknown', () => {
    const gone = old(4_194_305);
    const living = newLaunchName().replace(/u\d+$/, '');
    const unknown = old(4_194_305).replace(/k[0-9a-f]{8}r/, 'k00000000r');
    for (const launch of [gone, living, unknown]) {
      const folder = join(launchesFolder(), launch);
      mkdirSync(folder);
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    }
    const abandoned = abandonedLaunches().map(({ launch }) => launch);
    expect(abandoned).toContain(gone);
    expect(abandoned).not.toContain(living);
    expect(abandoned).not.toContain(unknown);
  });

  test('proves nothing about a process or a container of that name', () => {
    expect(isAbandoned(old(4_194_305))).toBe(false);
    expect(isOfThisUser(old(4_194_305))).toBe(false);
  });
});

describe('the name of a launch', () => {
  test('says who made it', () => {
    expect(newLaunchName()).toMatch(/^[0-9a-z]{1,50}$/);
    expect(newLaunchName()).not.toBe(newLaunchName());
    expect(hostLives(newLaunchName())).toBe(true);
  });

  test('of a process that has ended, or whose number is another now', () => {
    const [mine, pid, ticks] = [newLaunchName(), String(process.pid), String(startTicks(process.pid))];
    expect(hostLives(mine.replace(`s${ticks}k`, `s${Number(ticks) - 1}k`))).toBe(false);
    expect(hostLives(mine.replace(`${pid}s`, '4194305s'))).toBe(false);
  });

  test('of another kernel, or an invalid one: unknown', () => {
    expect(hostLives(newLaunchName().replace(/k[0-9a-f]{8}r/, 'k00000000r'))).toBeUndefined();
    expect(hostLives('something else')).toBeUndefined();
  });

  test("a process of another's number is not taken for the one that was left behind", async () => {
    const launch = newLaunchName().replace(/^\d+/, '4194305');
    const folder = join(launchesFolder(), launch);
    const other = spawn('sleep', ['1000'], { detached: true });
    onTestFinished(() => {
      other.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    await once(other, 'spawn');
    mkdirSync(folder);
    writeFileSync(join(folder, `process-${other.pid}`), String((startTicks(other.pid ?? 0) ?? 0) - 1));
    expect(abandonedLaunches().map((each) => each.launch)).toContain(launch);
    const { processes } = await import('../../src/launch/process/process-runtime.ts');
    await using runtime = processes();
    await runtime.sweep();
    expect(runs(other.pid ?? 0)).toBe(true);
  });
});
