// Processes as Linux tells of them in /proc: who belongs to a model, what they have used, which sockets they have open.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage } from '../runtime.ts';
import { isExhausted } from './exhausted.ts';

/** The kernel's ticks in a second, the same on every machine that Node runs on. */
const TICKS = 100;

/** What can be known of a process that lives, or has ended and was not waited for. */
export interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** Of itself and of the children that it has waited for. */
  readonly cpuTicks: number;
  /** When it was started: with its number, which may be another's later, it is this process and no other. */
  readonly startTicks: number;
}

/** A socket, and a process that has it open by a descriptor. */
export interface Holder {
  readonly pid: number;
  readonly fd: string;
  readonly inode: string;
}

/**
 * All living processes that this user may see.
 * @throws the system's error when it has no more descriptors or memory
 */
export function living(): Stat[] {
  return pids().flatMap((pid) => {
    const stat = statOf(pid);
    return stat && stat.state !== 'Z' ? [stat] : [];
  });
}

/** The living processes of a session: what a model is, and whatever it has started and not sent away. @throws as `living` */
export function processesOf(session: number): number[] {
  return living().flatMap((stat) => (stat.session === session ? [stat.pid] : []));
}

/** What processes have used; undefined when there are none. @throws as `living` */
export function usageOf(processes: readonly Stat[]): Usage | undefined {
  if (processes.length === 0) return undefined;
  return {
    cpuSeconds: processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS,
    memoryBytes: processes.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
  };
}

/**
 * The living processes that have a variable of this value since they were started, those of other users left out.
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
 * Which of these processes has the socket of this number open.
 * @throws the system's error when none was seen to have it, and one of them does not show what it has open
 */
export function holderOf(candidates: readonly number[], inode: string): Holder | undefined {
  let unseen: unknown;
  for (const pid of candidates) {
    try {
      const fd = readdirSync(`/proc/${pid}/fd`).find((each) => holds({ pid, fd: each, inode }));
      if (fd !== undefined) return { pid, fd, inode };
    } catch (error) {
      // One that has ended has nothing open.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) unseen = error;
    }
  }
  if (unseen !== undefined) throw unseen;
  return undefined;
}

/** Whether it still has it open: one call into the system. */
export function holds({ pid, fd, inode }: Holder): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`;
  } catch {
    return false;
  }
}

/** The number of the socket that a process has open by a descriptor; undefined where there is none, or it is no socket. */
export function socketAt(pid: number, fd: number): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
  } catch {
    return undefined;
  }
}

/** The process that has a socket open, as far as this user may look. */
export function ownerOf(inode: string): { readonly pid: number; readonly name: string } | undefined {
  const pid = pids().find((each) => isHolder(each, inode));
  return pid === undefined ? undefined : { pid, name: (read(`/proc/${pid}/comm`) ?? '').trim() };
}

/** Whether a process has a socket open, as far as this user may look. */
export function isHolder(pid: number, inode: string): boolean {
  try {
    return holderOf([pid], inode) !== undefined;
  } catch {
    return false;
  }
}

/** How often the kernel has killed a process for its memory since it booted; undefined where it does not say. */
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

/** `pid (name) state ppid pgrp session …`, where the name may contain anything. @throws as `living` */
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

/** Undefined where it is not there, or not for this user. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (isExhausted(error)) throw error;
    return undefined;
  }
}
