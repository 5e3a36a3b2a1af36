// The name of a launch identifies the process that launched it, so that what a dead process left behind can be told from what a living one
// uses. The name identifies exactly one process: it has the process's number, the time of its start, and a hash of the kernel
// and namespace that gave the number. It also has the user's number: launches of other users are never touched.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * The user's number comes last. Names of earlier versions lack it: of such launches, only the folder and the processes recorded in it
 * are removed.
 */
const FORM = /^(\d+)s(\d+)k([0-9a-f]{8})r[0-9a-f]{8}(?:u(\d+))?$/;
/** The fields of /proc/PID/stat, numbered from 1. The third follows the program's name, which may contain any character. */
const THIRD = 3;
const START_TIME = 22;

/** The variable in a model's environment that names its launch. */
export const LAUNCH_VARIABLE = 'NPBRIDGE_LAUNCH';

/** Returns a name for a new launch of this process: at most 50 lower-case letters and digits. */
export function newLaunchName(): string {
  return `${thisProcess()}r${randomBytes(4).toString('hex')}u${thisUser()}`;
}

export function isLaunchOfThisProcess(launch: string): boolean {
  return launch.startsWith(`${thisProcess()}r`);
}

/** Returns true if a process of this user made the launch. */
export function isOfThisUser(launch: string): boolean {
  return FORM.exec(launch)?.[4] === String(thisUser());
}

/** Returns true if a launch is this user's and its host is known to have ended, so that its leftovers may be removed. */
export function isAbandoned(launch: string): boolean {
  return isOfThisUser(launch) && hostLives(launch) === false;
}

/**
 * Returns the same for a launch whose folder is inside this user's own folder, where no other user can create one. Therefore a name of
 * an earlier version, without a user, is accepted, and the processes recorded in such a folder are ended. Containers with such names
 * are not touched, nor are processes that only have such a name in their environment.
 */
export function isAbandonedFolder(launch: string): boolean {
  const [, , , , user = String(thisUser())] = FORM.exec(launch) ?? [];
  return user === String(thisUser()) && hostLives(launch) === false;
}

/**
 * Returns true if the process that made a launch is still running.
 * @returns undefined if that is not known: another kernel or namespace gave the number, or the name is invalid, or /proc hides the
 *   start time of the process that has the number now (`hidepid`)
 */
export function hostLives(launch: string): boolean | undefined {
  const [, pid, ticks, numberedBy] = FORM.exec(launch) ?? [];
  if (pid === undefined || numberedBy !== numbering()) return undefined;
  const now = startTicks(Number(pid));
  if (now !== undefined && ticks !== '0') return String(now) === ticks;
  // A process may exist even if this user cannot see it. Only the kernel's answer that there is no such process counts.
  const isThere = answersToSignals(Number(pid));
  // Without /proc only the number is known.
  return isThere && ticks !== '0' ? undefined : isThere;
}

/** Returns the time at which a process was started, in the kernel's ticks since it booted; undefined if the process cannot be seen. */
export function startTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[START_TIME - THIRD]);
  } catch {
    return undefined;
  }
}

function thisUser(): number {
  return process.getuid?.() ?? 0;
}

function thisProcess(): string {
  return `${process.pid}s${startTicks(process.pid) ?? 0}k${numbering()}`;
}

/** Returns a hash of what gives this machine's processes their numbers: this boot of this kernel, and this namespace. */
function numbering(): string {
  const parts = [
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'),
    () => readlinkSync('/proc/self/ns/pid'),
  ].map((read) => {
    try {
      return read();
    } catch {
      return process.platform;
    }
  });
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 8);
}

function answersToSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
