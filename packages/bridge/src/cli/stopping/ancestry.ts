// Finds the ancestors of this process: from /proc on Linux, by `ps` elsewhere.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The facts about a process that other processes can see. */
export interface Seen {
  readonly pid: number;
  readonly parent: number;
  /** The program and its arguments. */
  readonly words: readonly string[];
  /** The number of its session; undefined if that is not known. A program in another session was detached on purpose. */
  readonly session: string | undefined;
  readonly ignoresHangups: boolean;
}

/** The most ancestors that are examined. */
const MOST_GENERATIONS = 16;
const PS_MS = 2000;

/** Returns the ancestors of this process, beginning with its parent. Process 1 is left out, because it adopts orphans. */
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

/** Returns true if `parent` is still the parent of `child`. */
export function isAbove(child: number, parent: number): boolean {
  if (child === process.pid) return process.ppid === parent;
  if (hasProc) return statOf(child)?.parent === parent;
  try {
    return process.kill(parent, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
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
  // The lowest bit is signal 1, SIGHUP.
  return stat && { pid, ...stat, words, ignoresHangups: /[13579bdf]$/.test(ignored) };
}

/** Parses `4711 (a name (of any kind)) S 4710 4711 4700 …`. */
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
