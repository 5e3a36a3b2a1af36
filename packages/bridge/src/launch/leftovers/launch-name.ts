// The name of a launch, which says what process made it: what a host that was killed has left behind is told by it from
// what a living one still uses. Nothing is trusted that another process could have by chance: a process is its number, the
// moment of its start, and the kernel and namespace that number it. And it says whose the launch is: those of other users
// are left alone, whatever became of their hosts.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** The user's number comes last. Names that earlier versions made have none: of those the folders are swept, and what is recorded in them. */
const FORM = /^(\d+)s(\d+)k([0-9a-f]{8})r[0-9a-f]{8}(?:u(\d+))?$/;
/** /proc/PID/stat numbers its fields from 1; behind the name, which may contain anything, comes the third. */
const THIRD = 3;
const START_TIME = 22;

/** The variable of a model's environment that names its launch. */
export const LAUNCH_VARIABLE = 'NPBRIDGE_LAUNCH';

/** A name for a launch of this process: small letters and digits, at most 50. */
export function newLaunchName(): string {
  return `${thisProcess()}r${randomBytes(4).toString('hex')}u${thisUser()}`;
}

export function isLaunchOfThisProcess(launch: string): boolean {
  return launch.startsWith(`${thisProcess()}r`);
}

/** Whether a process of this user has made a launch. */
export function isOfThisUser(launch: string): boolean {
  return FORM.exec(launch)?.[4] === String(thisUser());
}

/** Whether a launch is this user's, and its host is known to have ended: what is left of it may be removed. */
export function isAbandoned(launch: string): boolean {
  return isOfThisUser(launch) && hostLives(launch) === false;
}

/**
 * The same of a launch whose folder lies in this user's own, into which nobody else can put one: also where its name is of an earlier
 * version, and does not say whose it is. Processes that are recorded in such a folder are ended with it. Containers of such names are left
 * alone, and so are processes that only their environment gives such a name.
 */
export function isAbandonedFolder(launch: string): boolean {
  const [, , , , user = String(thisUser())] = FORM.exec(launch) ?? [];
  return user === String(thisUser()) && hostLives(launch) === false;
}

/**
 * Whether the process that made a launch still runs.
 * @returns undefined where that cannot be told: another kernel or namespace numbers it, or it is no such name; a process of its
 *   number is there, and /proc does not show this user (`hidepid`) when it was started
 */
export function hostLives(launch: string): boolean | undefined {
  const [, pid, ticks, numberedBy] = FORM.exec(launch) ?? [];
  if (pid === undefined || numberedBy !== numbering()) return undefined;
  const now = startTicks(Number(pid));
  if (now !== undefined && ticks !== '0') return String(now) === ticks;
  // What cannot be seen may be there all the same: only the kernel's word that there is no such process counts.
  const isThere = answersToSignals(Number(pid));
  // Without /proc only the number is known.
  return isThere && ticks !== '0' ? undefined : isThere;
}

/** When a process was started, in the kernel's ticks since it booted; undefined when there is none. */
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

/** Who numbers the processes of this machine: this boot of this kernel, in this namespace. */
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
