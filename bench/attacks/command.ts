// npbridge runs while its environment fails: the npx that started it ends, the disk is full, or nobody writes into a FIFO.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attack, Tree } from './attack.ts';

const NPXS = 4;
const STARTED_MS = 20_000;
/** A relay that has no message ends within this time. */
const ENDED_MS = 5000;
const OLD = 'what was there before';

async function inFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-attack-'));
  try {
    return await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns a shell command that runs npbridge from the tree's sources. */
function npbridge(tree: Tree): string {
  return `"${process.execPath}" --conditions=@bridge/source "${tree.file('packages/bridge/src/cli/npbridge.ts')}"`;
}

/** Starts relays by npx, ends each npx by SIGTERM, and returns the number of relays that still run. */
async function relaysLeft(tree: Tree): Promise<number> {
  return await inFolder(async (folder) => {
    const installed = join(folder, 'node_modules/@bridge/bridge');
    mkdirSync(installed, { recursive: true });
    mkdirSync(join(folder, 'node_modules/.bin'));
    writeFileSync(join(folder, 'package.json'), '{"name":"project","version":"1.0.0"}');
    writeFileSync(join(installed, 'package.json'), '{"name":"@bridge/bridge","version":"0.1.0","bin":"./npbridge.sh"}');
    const script = `#!/bin/sh\necho $$ > "$NUMBERED"\nexec ${npbridge(tree)} "$@" > "$NUMBERED.log" 2>&1\n`;
    writeFileSync(join(installed, 'npbridge.sh'), script);
    chmodSync(join(installed, 'npbridge.sh'), 0o755);
    symlinkSync('../@bridge/bridge/npbridge.sh', join(folder, 'node_modules/.bin/bridge'));
    const relay = ['@bridge/bridge', 'relay', '--from', 'tcp://127.0.0.1:0', '--to', 'tcp://127.0.0.1:1'];
    const started = Array.from({ length: NPXS }, (_, i) => {
      const file = join(folder, `relay-${i}`);
      const npx = spawn('npx', relay, { cwd: folder, env: { ...process.env, NUMBERED: file }, stdio: 'ignore' });
      return { npx, file };
    });
    const listens = (file: string): boolean =>
      existsSync(`${file}.log`) && readFileSync(`${file}.log`, 'utf8').includes('tcp://');
    for (let ms = 0; ms < STARTED_MS && !started.every(({ file }) => listens(file)); ms += 100) await sleep(100);
    const pids = started.map(({ file }) => Number(readFileSync(file, 'utf8')));
    for (const { npx } of started) npx.kill('SIGTERM');
    for (let ms = 0; ms < ENDED_MS && pids.some(isThere); ms += 100) await sleep(100);
    const left = pids.filter(isThere);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    return left.length;
  });
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Makes a call whose answer does not fit on the disk. Returns the number of bytes of an existing output file that are lost. */
async function oldBytesLost(tree: Tree): Promise<number> {
  const { serve } = await tree.load('@bridge/bridge');
  const { encode } = await tree.load('@bridge/npy');
  await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
  return await inFolder(async (folder) => {
    writeFileSync(join(folder, 'in.npy'), encode(new Float64Array(100_000)));
    writeFileSync(join(folder, 'out.npy'), OLD);
    const script = `ulimit -f 100; exec ${npbridge(tree)} call ${listener.address} in.npy out.npy`;
    const call = spawn('bash', ['-c', script], { cwd: folder, stdio: 'ignore' });
    await once(call, 'exit');
    return readFileSync(join(folder, 'out.npy'), 'utf8') === OLD ? 0 : OLD.length;
  });
}

/** Returns the time for which a call that waits for a FIFO still runs after SIGTERM: at most five seconds. */
async function fifoMs(tree: Tree): Promise<number> {
  return await inFolder(async (folder) => {
    execFileSync('mkfifo', [join(folder, 'in.npy')]);
    const script = `exec ${npbridge(tree)} call tcp://127.0.0.1:1 in.npy out.npy`;
    const call: ChildProcess = spawn('bash', ['-c', script], { cwd: folder, stdio: 'ignore' });
    const ended = once(call, 'exit');
    await sleep(3000);
    const from = performance.now();
    call.kill('SIGTERM');
    const timer = setTimeout(() => call.kill('SIGKILL'), ENDED_MS);
    await ended;
    clearTimeout(timer);
    return performance.now() - from;
  });
}

export const commandAttacks: readonly Attack[] = [
  {
    name: `command: ${NPXS} npx with a relay each, ended by SIGTERM`,
    unit: 'relays left behind',
    bound: { atMost: 0 },
    run: relaysLeft,
  },
  {
    name: 'command: an answer that is larger than a file may be',
    unit: 'bytes of the old file lost',
    bound: { atMost: 0 },
    run: oldBytesLost,
  },
  {
    name: 'command: SIGTERM to a call that waits for a FIFO',
    unit: 'ms',
    bound: { atMost: 2000 },
    run: fifoMs,
  },
];
