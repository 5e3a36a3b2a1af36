// Containers for tests: a runtime with the engine of the test run, plans for small programs, and a list of everything that the
// engine has.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject, onTestFinished } from 'vitest';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { checkDialect } from '../../src/dialects/check-dialect.ts';
import { dockerRuntime } from '../../src/launch/docker/docker-runtime.ts';
import { newLaunchName } from '../../src/launch/leftovers/launch-name.ts';
import type { Instance, Listening, LogSink, Plan, Runtime } from '../../src/launch/runtime.ts';
import { ML_MODEL } from '../peers/python-peer.ts';

const engine = inject('docker');

/** True if there is an engine with an image that has Python and NumPy. */
export const hasEngine: boolean = engine !== undefined;
export const image: string = engine?.image ?? '';
export const engineEnv = { DOCKER_HOST: engine?.host ?? '' };
export const routeOptions = {
  dialect: checkDialect('dialect', dialects.seed),
  limits: undefined,
  shared: false,
} as const;

const PATIENCE_MS = 30_000;

/** Runs docker's command line with the same engine, and returns its output. */
export function docker(...args: string[]): string {
  return execFileSync(engine?.docker ?? 'docker', args, { env: { ...process.env, ...engineEnv }, encoding: 'utf8' });
}

/** Returns a runtime that is disposed after the test. */
export async function runtime(env: NodeJS.ProcessEnv = engineEnv): Promise<Runtime> {
  const made = await dockerRuntime(env);
  onTestFinished(async () => await made[Symbol.asyncDispose]());
  return made;
}

/** Keeps the output of a model, and the notes about it. */
export interface Kept extends LogSink {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly notes: readonly string[];
  /** Returns the size of all output in bytes. */
  bytes(): number;
}

const KEPT_CHARACTERS = 2 ** 16;

export function keptLog(): Kept {
  const kept = { stdout: '', stderr: '' };
  const notes: string[] = [];
  let bytes = 0;
  return {
    write(source, chunk) {
      bytes += chunk.length;
      kept[source] = (kept[source] + Buffer.from(chunk).toString('utf8')).slice(-KEPT_CHARACTERS);
    },
    note: (text) => void notes.push(text),
    stdout: () => kept.stdout,
    stderr: () => kept.stderr,
    notes,
    bytes: () => bytes,
  };
}

/** Returns a plan for ml_model.py, or for a few lines of Python, with port 6000. */
export function planOf(python: string | undefined, more: Partial<Plan> = {}): Plan {
  const command = python === undefined ? ['python3', '-u', '/model/ml_model.py'] : ['python3', '-uc', python];
  return {
    launch: newLaunchName(),
    replica: 0,
    program: { kind: 'image', image, command },
    port: 6000,
    env: { HOST: '0.0.0.0' },
    mounts: python === undefined ? [{ source: ML_MODEL, target: '/model/ml_model.py' }] : [],
    memoryBytes: undefined,
    gpus: undefined,
    lane: undefined,
    ...more,
  };
}

/** Starts a container that is stopped after the test. */
export async function started(
  python: string | undefined,
  more: Partial<Plan> = {},
  on?: Runtime,
): Promise<{ instance: Instance; log: Kept; plan: Plan }> {
  const plan = planOf(python, more);
  const log = keptLog();
  const instance = await (on ?? (await runtime())).start(plan, log, new AbortController().signal);
  onTestFinished(() => instance.stop({ graceMs: 0 }));
  return { instance, log, plan };
}

/** Resolves when the model listens. */
export async function untilListening(instance: Instance): Promise<Listening> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(10)) {
    const listening = await instance.listening();
    if (listening) return listening;
  }
  throw new Error(`${instance.name} does not listen`);
}

/** Returns all containers, networks and volumes of the engine, and the processes that it runs for containers on this machine. */
export function census(): string[] {
  const listed = (...args: string[]): string[] =>
    docker(...args, '--quiet')
      .split('\n')
      .filter(Boolean);
  const folder = engineEnv.DOCKER_HOST.replace(/^unix:\/\//, '').replace(/\/[^/]+$/, '/');
  const processes = readdirSync('/proc').flatMap((pid) => {
    try {
      const name = readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
      const mine = readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(folder);
      return mine && (name.startsWith('containerd-shim') || name === 'docker-proxy') ? [`${name} ${pid}`] : [];
    } catch {
      return [];
    }
  });
  return [...listed('ps', '--all'), ...listed('network', 'ls'), ...listed('volume', 'ls'), ...processes].sort();
}
