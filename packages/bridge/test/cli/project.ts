// Makes a user's project in which npm and npx find npbridge installed. The installed program runs from the sources and writes its
// process id to a file.
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
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
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../src/cli/npbridge.ts', import.meta.url));

export interface Project {
  readonly path: string;
  /** Starts a program in the project's folder. */
  run(command: readonly string[], options?: SpawnOptions): ChildProcess;
  /** Resolves with the process and the address of npbridge when it has printed its address. */
  relay(): Promise<{ readonly pid: number; readonly address: string }>;
  /** Returns the output of npbridge so far, without the line about the processes with which it ends. */
  said(): string;
  /** Returns that line. */
  endsWith(): string;
}

/** @param scripts the scripts of the project's package.json */
export function project(scripts: Readonly<Record<string, string>> = {}): Project {
  const path = mkdtempSync(join(tmpdir(), 'npbridge-project-'));
  const started: ChildProcess[] = [];
  const [pidFile, log] = [join(path, 'pid'), join(path, 'log')];
  const DEBUG = /^NPBRIDGE \d+: (.*)\n/m;
  const printed = (): string => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const said = (): string => printed().replace(DEBUG, '');
  onTestFinished(async () => {
    for (const child of started) child.kill('SIGKILL');
    if (existsSync(pidFile)) end(Number(readFileSync(pidFile, 'utf8')));
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  });
  const installed = join(path, 'node_modules/@bridge/bridge');
  mkdirSync(installed, { recursive: true });
  mkdirSync(join(path, 'node_modules/.bin'));
  writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', scripts }));
  const manifest = { name: '@bridge/bridge', version: '0.1.0', bin: { npbridge: './npbridge.sh' } };
  writeFileSync(join(installed, 'package.json'), JSON.stringify(manifest));
  const program = `"${process.execPath}" --conditions=@bridge/source "${PROGRAM}" "$@"`;
  writeFileSync(
    join(installed, 'npbridge.sh'),
    `#!/bin/sh\necho $$ > "${pidFile}.new"; mv "${pidFile}.new" "${pidFile}"\nexec ${program} > "${log}" 2>&1\n`,
  );
  chmodSync(join(installed, 'npbridge.sh'), 0o755);
  symlinkSync('../@bridge/bridge/npbridge.sh', join(path, 'node_modules/.bin/npbridge'));
  return {
    path,
    said,
    endsWith: () => DEBUG.exec(printed())?.[1] ?? '',
    run([command = '', ...args], options = {}) {
      const PATH = `${join(path, 'node_modules/.bin')}:${process.env['PATH']}`;
      const env = { ...process.env, PATH, npm_config_update_notifier: 'false', NODE_DEBUG: 'npbridge' };
      const child = spawn(command, args, { cwd: path, env, stdio: 'ignore', ...options });
      started.push(child);
      return child;
    },
    async relay() {
      await expect.poll(said).toContain('\n');
      return { pid: Number(readFileSync(pidFile, 'utf8')), address: said().split('\n')[0] ?? '' };
    },
  };
}

/** Returns whether a process runs. A zombie does not count. */
export function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** Resolves when a process has ended. */
export async function gone(pid: number): Promise<void> {
  await expect.poll(() => isThere(pid)).toBe(false);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended.
  }
}
