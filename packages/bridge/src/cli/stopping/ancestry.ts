// Lists the processes above this one: from /proc on Linux, by `ps` elsewhere.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process, as other processes see it. */
export interface Seen {
  readonly pid: number;
  readonly parent: number;
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** The number of its session; undefined if the system does not say. A program in another session was detached on purpose. */
  readonly session: string | undefined;
  readonly ignoresHangups: boolean;
}

/** The most processes that are looked at. */
const MOST_GENERATIONS = 16;
const PS_MS = 2000;

/** Returns the processes above this one, beginning with its parent, without process 1, which adopts orphans. */
export function ancestry(): Seen[] {
  const all: Seen[] = [];
  for (let pid = process.ppid; pid > 1 && all.length < MOST_GENERATIONS; ) {
    const each = look(pid);
    if (!each) break;
    all.push(each);
    pid = each.parent;
  }
  return all;
}

/** Returns the session of this process. */
export function ownSession(): string | undefined {
  return look(process.pid)?.session;
}

/** Returns whether `parent` is still the parent of `child`. */
export function isAbove(child: number, parent: number): boolean {
  if (child === process.pid) return process.ppid === parent;
  if (hasProc) return statOf(child)?.parent === parent;
  try {
    return process.kill(parent, 0);
  } catch (error) {
    // EPERM: the process exists, and is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const hasProc = process.platform === 'linux';

function look(pid: number): Seen | undefined {
  return hasProc ? lookInProc(pid) : lookByPs(pid);
}

function lookInProc(pid: number): Seen | undefined {
  const stat = statOf(pid);
  const words = read(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
  const [, ignored = ''] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(`/proc/${pid}/status`) ?? '') ?? [];
  // The lowest bit is signal 1.
  return stat && { pid, ...stat, words, ignoresHangups: /[13579bdf]$/.test(ignored) };
}

/** `4711 (a name (of any kind)) S 4710 4711 4700 …` */
function statOf(pid: number): Pick<Seen, 'parent' | 'session'> | undefined {
  const stat = read(`/proc/${pid}/stat`);
  const [, parent, , session] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return parent === undefined ? undefined : { parent: Number(parent), session };
}

function lookByPs(pid: number): Seen | undefined {
  try {
    const args = ['-o', 'ppid=', '-o', 'command=', '-p', String(pid)];
    const line = execFileSync('ps', args, { encoding: 'utf8', timeout: PS_MS, stdio: ['ignore', 'pipe', 'ignore'] });
    const [parent, ...words] = line.trim().split(/\s+/);
    return { pid, parent: Number(parent), words, session: undefined, ignoresHangups: false };
  } catch {
    return undefined;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
