// Reads Linux's /proc: the processes of a model, the resources that they have used, and the sockets that they have open.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage } from '../runtime.ts';
import { isExhausted } from './exhausted.ts';

/** The kernel's ticks in a second, equal on every machine that Node runs on. */
const TICKS = 100;

/** The state of a process: a living one, or one that has ended and that its parent has not waited for (a zombie). */
export interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** The processor time of the process and of the children that it has waited for. */
  readonly cpuTicks: number;
  /** The time of its start. The kernel may give its pid to another process later; the pid and this time together identify one process. */
  readonly startTicks: number;
}

/** A socket, and a process that has it open by a descriptor. */
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

/** Returns the living processes of a session: a model, and what it has started that is still in its session. @throws as `living` */
export function processesOf(session: number): number[] {
  return living().flatMap((stat) => (stat.session === session ? [stat.pid] : []));
}

/** Returns the resources that processes have used; undefined if there are no processes. @throws as `living` */
export function usageOf(processes: readonly Stat[]): Usage | undefined {
  if (processes.length === 0) return undefined;
  return {
    cpuSeconds: processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS,
    memoryBytes: processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
  };
}

/**
 * Returns the living processes that were started with a variable of such a value. Those of other users are left out.
 * @throws as `living`
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
 * Returns the one of these processes that has the socket with this inode open.
 * @throws the system's error if none was seen to have it, and one of them does not show its descriptors
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

/** Returns true if the process still has the socket open. This is one call into the system. */
export function holds({ pid, fd, inode }: Holder): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
  } catch {
    return false;
  }
}

/**
 * Returns the inode of the socket that a process has open by a descriptor; undefined if there is no such descriptor, or it is not
 * a socket.
 */
export function socketAt(pid: number, fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** Returns the process that has a socket open, as far as this user may look. */
export function ownerOf(inode: string): { readonly pid: number; readonly name: string } | undefined {
  const pid = pids().find((each) => isHolder(each, inode));
  return pid === undefined ? undefined : { pid, name: (read(`/proc/${pid}/comm`) ?? '').trim() };
}

/** Returns true if a process has a socket open, as far as this user may look. */
export function isHolder(pid: number, inode: string): boolean {
  try {
    return holderOf([pid], inode) !== undefined;
  } catch {
    return false;
  }
}

/** Returns how often the kernel has killed a process for its memory since it booted; undefined if it does not say. */
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

/** Reads `pid (name) state ppid pgrp session …`, where the name may contain anything. @throws as `living` */
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

/** Returns a file's text; undefined if there is no such file, or this user may not read it. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isExhausted(error)) throw error;
    return undefined;
  }
}
