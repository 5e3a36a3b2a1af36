// Starts the servers of the tests of launch, and finds the processes and folders that they may leave behind.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { array, type NdArrayOf } from '@bridge/npy';
import { onTestFinished } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { type LaunchEvent, type Launched, type LaunchSpec, launch, type Runtime } from '../../src/launch/index.ts';
import { launchesFolder } from '../../src/launch/leftovers/folder.ts';
import { processes } from '../../src/launch/process/process-runtime.ts';

export const MODELS: string = fileURLToPath(new URL('models.py', import.meta.url));

/** Returns an array whose bytes are a text. */
export const says = (text: string): NdArrayOf<'uint8'> => array([...Buffer.from(text)], { dtype: 'uint8' });

export interface Started extends AsyncDisposable {
  readonly launched: Launched;
  readonly events: LaunchEvent[];
}

/** Launches a server of models.py. It is stopped after the test, if not before. */
export async function start(
  python: string,
  server: string,
  options: Partial<LaunchSpec> & { readonly args?: readonly string[]; readonly at?: number } = {},
): Promise<Started> {
  const { args = [], at, ...more } = options;
  const first = at ?? (await freePort());
  const ports = [first, ...(await Promise.all(Array.from({ length: 3 }, freePort)))];
  const events: LaunchEvent[] = [];
  const launched = await launch({
    command: (i) => [python, MODELS, server, String(ports[i]), ...args],
    port: (i) => ports[i] ?? 0,
    name: server,
    env: { PYTHONDONTWRITEBYTECODE: '1' },
    onEvent: (event) => void events.push(event),
    ...more,
  });
  onTestFinished(() => launched.stop());
  return { launched, events, [Symbol.asyncDispose]: () => launched.stop() };
}

/** Returns the runtime of plain processes, which records each launch and each process. */
export function noting(): Runtime & { readonly launches: string[]; readonly pids: number[] } {
  const runtime = processes();
  const launches: string[] = [];
  const pids: number[] = [];
  return {
    launches,
    pids,
    name: runtime.name,
    prepare: (...args) => runtime.prepare(...args),
    sweep: () => runtime.sweep(),
    async start(plan, ...rest) {
      launches.push(plan.launch);
      const instance = await runtime.start(plan, ...rest);
      pids.push(instance.pid ?? 0);
      return instance;
    },
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}

/** Returns the process id of a replica. @throws Error if the replica is not up */
export function pidOf(launched: Launched, replica = 0): number {
  const { state } = launched.stats.replicas[replica] ?? {};
  if (state?.phase !== 'up' || state.pid === undefined) throw new Error(`replica ${replica} is ${state?.phase}`);
  return state.pid;
}

/** Returns whether a process runs. */
export function runs(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return false;
  }
}

/** Returns the parent of a process. */
export function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
}

/** Returns the processes of this machine that have `word` as an argument. */
export function processesWithWord(word: string): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'latin1').split('\0');
      return words.includes(word) && runs(Number(name)) ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

/** Returns the names of the folders of launches. */
export const folders = (): string[] => readdirSync(launchesFolder()).sort();
