// The hosts as contestants: programs of their own beside a model of their own. One operation is one frame.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { listening } from '@bridge/transport/turns';
import { Child, userEnvironment } from '../child.ts';
import type { Contestant } from '../comparison.ts';
import type { Tree } from '../tree.ts';
import { argumentsOf, type Frame } from './frames.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A contestant, and its process. */
export interface Host extends Contestant, AsyncDisposable {}

export function seedHost(python: string, port: number, frame: Frame): Host {
  return host("the seed's host", python, [file('../python/webcam_stream.py'), String(port), ...argumentsOf(frame)]);
}

/** What a host is called in the table, and the checkout whose program it is where that is not this one. */
interface Whose {
  readonly name?: string;
  readonly tree?: Tree;
}

/** @param target as `connect` takes it */
export function ourHost(target: string, frame: Frame, inFlight: 1 | 2, { name = 'connect', tree }: Whose = {}): Host {
  return ours(name, 'our-host.ts', [target, String(inFlight), ...argumentsOf(frame)], tree);
}

/** A host that starts a model of its own, on that port. */
export function launchedHost(
  python: string,
  port: number,
  frame: Frame,
  inFlight: 1 | 2,
  { name = 'launch', tree }: Whose = {},
): Host {
  return ours(name, 'launched-host.ts', [python, String(port), String(inFlight), ...argumentsOf(frame)], tree);
}

/** A host that starts so many models, on that port and those behind it. */
export function replicasHost(python: string, port: number, count: number, frame: Frame): Host {
  const name = count === 1 ? 'one replica' : `${count} replicas`;
  const args = [python, String(port), String(count), 'requests', ...argumentsOf(frame)];
  return ours(name, 'replicas-host.ts', args);
}

/** The same by the lane alone, with shared memory or through the socket. */
export function laneHost(python: string, port: number, way: 'memory' | 'socket', frame: Frame, inFlight: 1 | 2): Host {
  return ours(`lane by ${way}`, 'lane-host.ts', [python, String(port), way, String(inFlight), ...argumentsOf(frame)]);
}

export function ceiling(port: number, frame: Frame): Host {
  return ours('ceiling', 'ceiling.ts', [String(port), ...argumentsOf(frame)]);
}

/** A host that starts a container of its own from that image, and calls it by its lane or by a relay through docker exec. */
export function containerHost(image: string, way: 'lane' | 'exec', frame: Frame, name: string): Host {
  return ours(name, 'container-host.ts', [image, way, ...argumentsOf(frame)]);
}

function ours(name: string, script: string, args: readonly string[], tree?: Tree): Host {
  const path = tree === undefined ? file(script) : tree.file(`bench/model/${script}`);
  return host(name, process.execPath, [...process.execArgv, path, ...args]);
}

function host(name: string, program: string, args: readonly string[]): Host {
  const child = new Child(program, args, userEnvironment());
  return {
    name,
    run: async (frames, clock) => Number((await child.ask({ frames, clock }))['seconds']),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Ends one after the other: whoever calls before whoever is called. */
export async function inOrder(...all: readonly AsyncDisposable[]): Promise<void> {
  for (const each of all) await each[Symbol.asyncDispose]();
}

/** How often it is looked whether a model listens. */
export const LOOK_MS = 5;

/** A model in a process of its own. */
export interface ModelProcess extends AsyncDisposable {
  readonly port: number;
}

/** @throws Error when the model ends before it listens */
export async function startModel(python: string, computeMs: number): Promise<ModelProcess> {
  const port = await freePort();
  const child = spawn(python, [file('../python/ml_model.py'), String(port), String(computeMs)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: userEnvironment(),
  });
  const ended = once(child, 'exit');
  while (!(await listening({ host: '127.0.0.1', port }))) {
    if (isOver(child)) throw new Error('the model ended before it listened');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
