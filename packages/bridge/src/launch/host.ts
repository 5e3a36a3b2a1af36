// The name of a launch, which says what process made it: what a host that was killed has left behind is told by it from
// what a living one still uses. Nothing is trusted that another process could have by chance: a process is its number, the
// moment of its start, and the kernel and namespace that number it.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

const FORM = /^(\d+)s(\d+)k([0-9a-f]{8})r[0-9a-f]{8}$/;
/** /proc/PID/stat numbers its fields from 1; behind the name, which may contain anything, comes the third. */
const THIRD = 3;
const START_TIME = 22;

/** The variable of a model's environment that names its launch. */
export const LAUNCH_VARIABLE = 'NPBRIDGE_LAUNCH';

/** A name for a launch of this process: small letters and digits, at most 50. */
export function newLaunch(): string {
  return `${thisProcess()}r${randomBytes(4).toString('hex')}`;
}

export function isLaunchOfThisProcess(launch: string): boolean {
  return launch.startsWith(`${thisProcess()}r`);
}

/**
 * Whether the process that made a launch still runs.
 * @returns undefined where that cannot be told: another kernel or namespace numbers it, or it is no such name
 */
export function hostLives(launch: string): boolean | undefined {
  const [, pid, ticks, numberedBy] = FORM.exec(launch) ?? [];
  if (pid === undefined || numberedBy !== numbering()) return undefined;
  const now = startTicks(Number(pid));
  // Without /proc only the number is known.
  if (now === undefined) return ticks === '0' ? answersToSignals(Number(pid)) : false;
  return String(now) === ticks;
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
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
