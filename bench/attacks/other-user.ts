// Another user of the machine, without rights, whose program runs beside the program that it attacks.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

const OTHER = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];

/** @throws Error if this process is not root's: only root can run a program as another user */
export function needsRoot(): void {
  if (process.getuid?.() !== 0) throw new Error('this attack runs a program as another user: run it as root');
}

/**
 * Starts Node with a script as that user.
 * @throws Error if this machine cannot do that
 */
export async function scriptOfOther(
  script: string,
  ...args: readonly string[]
): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  needsRoot();
  const child = spawn('setpriv', [...OTHER, process.execPath, script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new Error('this attack needs setpriv, which util-linux has', { cause });
  });
  return child;
}
