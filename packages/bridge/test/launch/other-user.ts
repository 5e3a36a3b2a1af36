// Runs programs as another user of this machine, one without rights. Only tests that run as root can do that.
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { pythons } from '../pythons.ts';

export const isRoot: boolean = process.getuid?.() === 0;
export const OTHER_UID = 65_534;

const AS_OTHER = ['--reuid', `${OTHER_UID}`, '--regid', `${OTHER_UID}`, '--clear-groups', '--'];

/** A Python that the other user may run. The tests' own Python may lie in a folder that only root may enter. */
export const pythonOfOther: string | undefined = [
  pythons[0]?.[1] ?? '',
  '/usr/bin/python3',
  '/usr/local/bin/python3',
].find((each) => isRoot && each !== '' && mayRun(each));

/** Starts a program as the other user. It is killed after the test, if it has not ended. */
export function asOther(command: readonly string[]): ChildProcessWithoutNullStreams {
  return started('setpriv', [...AS_OTHER, ...command]);
}

/** Starts a program as the other user, with a /proc that shows each user only their own processes. */
export function asOtherWithHiddenProcesses(command: readonly string[]): ChildProcessWithoutNullStreams {
  const mounted = 'mount -t proc -o hidepid=2 proc /proc && exec setpriv "$@"';
  return started('unshare', ['--mount', '--', 'sh', '-c', mounted, 'sh', ...AS_OTHER, ...command]);
}

/** Returns true if the other user may run Python. A shell of that user tries it, because setpriv itself has more rights. */
function mayRun(python: string): boolean {
  return spawnSync('setpriv', [...AS_OTHER, 'sh', '-c', 'exec "$0" -c ""', python]).status === 0;
}

function started(program: string, args: readonly string[]): ChildProcessWithoutNullStreams {
  const child = spawn(program, args);
  child.stderr.pipe(process.stderr);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Resolves with a child's whole output after the child has ended. */
export async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout) text += chunk;
  return text;
}
