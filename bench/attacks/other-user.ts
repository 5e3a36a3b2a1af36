// Another user of the machine, one without rights, who runs a program of his own beside what he attacks.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

const OTHER = ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--'];

/** @throws Error where this program is not root's, who alone can run something as another user */
export function needsRoot(): void {
  if (process.getuid?.() !== 0) throw new Error('this attack is by another user of the machine: run it as root');
}

/**
 * Starts Node with a script, as him.
 * @throws Error where that cannot be done here
 */
export async function scriptOfOther(
  script: string,
  ...args: readonly string[]
): Promise<ChildProcessByStdio<Writable, Readable, null>> {
  needsRoot();
  const child = spawn('setpriv', [...OTHER, process.execPath, script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child, 'spawn').catch((cause: unknown) => {
    throw new Error('this attack takes setpriv, of util-linux', { cause });
  });
  return child;
}
