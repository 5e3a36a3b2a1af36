// Processes as Linux tells of them in /proc: who belongs to a model, what they have used, which sockets they have open.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Usage } from '../runtime.ts';

/** The kernel's ticks in a second, the same on every machine that Node runs on. */
const TICKS = 100;

interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
  /** Of itself and of the children that it has waited for. */
  readonly cpuTicks: number;
}

/** The living processes of a session: what a model is, and whatever it has started and not sent away. */
export function processesOf(session: number): number[] {
  return stats(session).map(({ pid }) => pid);
}

/** What the processes of a session have used; undefined when there is none. */
export function usageOf(session: number): Usage | undefined {
  const all = stats(session);
  if (all.length === 0) return undefined;
  return {
    cpuSeconds: all.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS,
    memoryBytes: all.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
  };
}

/** The living processes that have a variable of this value since they were started, those of other users left out. */
export function processesWith(variable: string, value: (value: string) => boolean): number[] {
  const start = `${variable}=`;
  return pids().filter((pid) => {
    const set = read(`/proc/${pid}/environ`)
      ?.split('\0')
      .find((each) => each.startsWith(start));
    return set !== undefined && value(set.slice(start.length)) && statOf(pid)?.state !== 'Z';
  });
}

/** Whether one of these processes has the socket of this number open. */
export function haveSocket(candidates: readonly number[], inode: string): boolean {
  return candidates.some((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => link(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
    } catch {
      return false;
    }
  });
}

/** The process that has a socket open, as far as this user may look. */
export function ownerOf(inode: string): { readonly pid: number; readonly name: string } | undefined {
  const pid = pids().find((each) => haveSocket([each], inode));
  return pid === undefined ? undefined : { pid, name: (read(`/proc/${pid}/comm`) ?? '').trim() };
}

/** How often the kernel has killed a process for its memory since it booted; undefined where it does not say. */
export function memoryKills(): number | undefined {
  const line = read('/proc/vmstat')
    ?.split('\n')
    .find((each) => each.startsWith('oom_kill '));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

function stats(session: number): Stat[] {
  return pids().flatMap((pid) => {
    const stat = statOf(pid);
    return stat?.session === session && stat.state !== 'Z' ? [stat] : [];
  });
}

/** `pid (name) state ppid pgrp session …`, where the name may contain anything. */
function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const [state = '', parent, , session, , , , , , , , user, system, childUser, childSystem] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ');
  const cpuTicks = [user, system, childUser, childSystem].reduce((sum, ticks) => sum + Number(ticks), 0);
  return { pid, state, parent: Number(parent), session: Number(session), cpuTicks };
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

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function link(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
