// Reads Linux's /proc: the processes of a model, the resources that they have used, and the sockets that they have open.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage } from '../runtime.ts';
import { isExhausted } from './exhausted.ts';

/** The kernel's ticks in a second, the same on every machine on which Node runs. */
const TICKS = 100;

/** The state of a process, which may have ended if its parent has not waited for it (a zombie). */
export interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** The processor time of the process and of the children that it has waited for. */
  readonly cpuTicks: number;
  /** The time of its start. The kernel may reuse the pid later; the pid and this time together identify one process. */
  readonly startTicks: number;
}

/** A socket, and a process that has it open, as the file descriptor `fd`. */
export interface Holder {
  readonly pid: number;
  readonly fd: string;
  readonly inode: string;
}

/**
 * Returns all living processes that this user may see.
 * @throws the system's error if it has no more descriptors or memory
 */
export function living(): Stat[] {
  return pids().flatMap((pid) => {
    const stat = statOf(pid);
    return stat && stat.state !== 'Z' ? [stat] : [];
  });
}

/** Returns the running processes of a session: a model, and what it has started in its session. @throws what `living` throws */
export function processesOf(session: number): number[] {
  return living().flatMap((stat) => (stat.session === session ? [stat.pid] : []));
}

/** Returns the resources that processes have used; undefined for an empty list. @throws what `living` throws */
export function usageOf(processes: readonly Stat[]): Usage | undefined {
  if (processes.length === 0) return undefined;
  return {
    cpuSeconds: processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS,
    memoryBytes: processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
  };
}

/**
 * Returns the running processes that were started with the variable if `value` returns true for its value. Processes of other users are
 * left out.
 * @throws what `living` throws
 */
export function processesWith(variable: string, value: (value: string) => boolean): number[] {
  const start = `${variable}=`;
  return pids().filter((pid) => {
    const set = read(`/proc/${pid}/environ`)
      ?.split('\0')
      .find((each) => each.startsWith(start));
    return set !== undefined && value(set.slice(start.length)) && statOf(pid)?.state !== 'Z';
  });
}

/**
 * Returns the candidate that has the socket with this inode open; undefined if none has.
 * @throws the system's error if none was seen to have it, and this user may not see the open files of one of them
 */
export function holderOf(candidates: readonly number[], inode: string): Holder | undefined {
  let unseen: unknown;
  for (const pid of candidates) {
    try {
      const fd = readdirSync(`/proc/${pid}/fd`).find((each) => holds({ pid, fd: each, inode }));
      if (fd !== undefined) return { pid, fd, inode };
    } catch (error) {
      // A process that has ended has nothing open.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) unseen = error;
    }
  }
  if (unseen !== undefined) throw unseen;
  return undefined;
}

/** Returns true if the process still has the socket open. This is one system call. */
export function holds({ pid, fd, inode }: Holder): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
  } catch {
    return false;
  }
}

/**
 * Returns the inode of the socket that a process has open as a file descriptor; undefined if the process has no such descriptor, or if
 * it is not a socket.
 */
export function socketAt(pid: number, fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** Returns the process that has a socket open, among those whose open files this user may see. */
export function ownerOf(inode: string): { readonly pid: number; readonly name: string } | undefined {
  const pid = pids().find((each) => isHolder(each, inode));
  return pid === undefined ? undefined : { pid, name: (read(`/proc/${pid}/comm`) ?? '').trim() };
}

/** Returns true if a process has a socket open, and this user may see that. */
export function isHolder(pid: number, inode: string): boolean {
  try {
    return holderOf([pid], inode) !== undefined;
  } catch {
    return false;
  }
}

/** Returns how often the kernel has killed a process for its memory since it booted; undefined if that is not known. */
export function memoryKills(): number | undefined {
  try {
    const line = read('/proc/vmstat')
      ?.split('\n')
      .find((each) => each.startsWith('oom_kill '));
    return line === undefined ? undefined : Number(line.split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** Reads `pid (name) state ppid pgrp session …`, in which the name may contain any character. @throws what `living` throws */
export function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, , session, , , , , , , , user, system, childUser, childSystem, , , , , start] = fields;
  const cpuTicks = [user, system, childUser, childSystem].reduce((sum, ticks) => sum + Number(ticks), 0);
  return { pid, state, parent: Number(parent), session: Number(session), cpuTicks, startTicks: Number(start) };
}

function memoryOf(pid: number): number {
  const line = read(`/proc/${pid}/status`)
    ?.split('\n')
    .find((each) => each.startsWith('VmRSS:'));
  return Number(line?.split(/ +|\t/).find((word) => /^\d+$/.test(word)) ?? 0) * 1024;
}

function pids(): number[] {
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
}

/**
 * Returns the content of a file; undefined if it cannot be read, for example because it does not exist or this user may not read it.
 * @throws the error if this machine is out of file descriptors or memory
 */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isExhausted(error)) throw error;
    return undefined;
  }
}
