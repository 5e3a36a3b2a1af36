// Starts a program to which a test sends signals, and finds all of its descendants: they inherit a variable, which Linux shows in
// /proc. The program has a session of its own and no terminal, like a service.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** The longest time to wait for a process to appear or to end. */
const PATIENCE_MS = 30_000;

export interface Started {
  /** Resolves when a descendant runs whose command line contains all of `words`. */
  has(...words: readonly string[]): Promise<void>;
  /** Resolves when the program has written `text` to its standard error. */
  says(words: string): Promise<void>;
  /**
   * Sends a signal to the program alone, and waits until it and all of its descendants have ended. Processes that are still there
   * after PATIENCE_MS are killed, and named in `left`.
   */
  endBy(signal: NodeJS.Signals): Promise<{ code: number | null; left: string[]; stderr: string }>;
}

export function start(command: string, args: readonly string[], env: Record<string, string> = {}): Started {
  const mark = `BRIDGE_TEST_MARK=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const child = spawn(command, args, {
    env: { ...process.env, ...env, [name]: value },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    has: (...words) =>
      until(async () => (await marked(mark)).some((one) => words.every((word) => one.command.includes(word)))).then(
        (yes) => {
          if (!yes) throw new Error(`no process with ${words.join(' ')}; it said:\n${stderr}`);
        },
      ),
    says: (words) =>
      until(async () => stderr.includes(words)).then((yes) => {
        if (!yes) throw new Error(`it did not say ${words}, but:\n${stderr}`);
      }),
    async endBy(signal) {
      child.kill(signal);
      await until(async () => (await marked(mark)).length === 0);
      const left = await marked(mark);
      for (const { pid } of left) killed(pid);
      return { code: await ended, left: left.map(({ command: words }) => words), stderr };
    },
  };
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended meanwhile.
  }
}

async function until(condition: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(20)) {
    if (await condition()) return true;
  }
  return false;
}

/** Returns all processes with that variable in their environment. */
async function marked(mark: string): Promise<{ pid: number; command: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = pids.map(async (pid) => {
    const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (!environment.split('\0').includes(mark)) return [];
    const command = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    return [{ pid: Number(pid), command: command.replaceAll('\0', ' ') }];
  });
  return (await Promise.all(found)).flat();
}
