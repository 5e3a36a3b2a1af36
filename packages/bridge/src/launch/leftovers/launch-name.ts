// The name of a launch names the process that made it, so that leftovers of a killed host can be told from what a living host uses.
// It says nothing that another process could have by chance: a process is its number, the time of its start, and the kernel and
// namespace that number it. It also names the user: launches of other users are left alone, even if their hosts have ended.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/**
 * The user's number comes last. Names of earlier versions have none: their folders are swept, and the processes recorded there, and
 * nothing else.
 */
const FORM = /^(\d+)s(\d+)k([0-9a-f]{8})r[0-9a-f]{8}(?:u(\d+))?$/;
/** /proc/PID/stat numbers its fields from 1. The third follows the program's name, which may contain anything. */
const THIRD = 3;
const START_TIME = 22;

/** The variable in a model's environment that names its launch. */
export const LAUNCH_VARIABLE = 'NPBRIDGE_LAUNCH';

/** Returns a name for a new launch of this process: small letters and digits, at most 50. */
export function newLaunchName(): string {
  return `${thisProcess()}r${randomBytes(4).toString('hex')}u${thisUser()}`;
}

export function isLaunchOfThisProcess(launch: string): boolean {
  return launch.startsWith(`${thisProcess()}r`);
}

/** Returns true if a process of this user has made the launch. */
export function isOfThisUser(launch: string): boolean {
  return FORM.exec(launch)?.[4] === String(thisUser());
}

/** Returns true if a launch is this user's and its host is known to have ended, so that its leftovers may be removed. */
export function isAbandoned(launch: string): boolean {
  return isOfThisUser(launch) && hostLives(launch) === false;
}

/**
 * Returns the same for a launch whose folder lies in this user's own folder, where no other user can put one. So a name of an
 * earlier version, without a user, is accepted, and the processes that are recorded in such a folder are ended. Containers with
 * such names are left alone, and so are processes that only have such a name in their environment.
 */
export function isAbandonedFolder(launch: string): boolean {
  const [, , , , user = String(thisUser())] = FORM.exec(launch) ?? [];
  return user === String(thisUser()) && hostLives(launch) === false;
}

/**
 * Returns true if the process that made a launch still runs.
 * @returns undefined if that cannot be told: another kernel or namespace numbers it, or the name is invalid; or a process of its
 *   number exists, and /proc hides from this user (`hidepid`) when it was started
 */
export function hostLives(launch: string): boolean | undefined {
  const [, pid, ticks, numberedBy] = FORM.exec(launch) ?? [];
  if (pid === undefined || numberedBy !== numbering()) return undefined;
  const now = startTicks(Number(pid));
  if (now !== undefined && ticks !== '0') return String(now) === ticks;
  // A process that cannot be seen may exist all the same. Only the kernel's answer that there is no such process counts.
  const isThere = answersToSignals(Number(pid));
  // Without /proc only the number is known.
  return isThere && ticks !== '0' ? undefined : isThere;
}

/**
 * Returns the time at which a process was started, in the kernel's ticks since it booted; undefined if there is no such process.
 */
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

/** Returns an id of what numbers this machine's processes: this boot of this kernel, in this namespace. */
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
