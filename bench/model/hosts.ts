// The hosts as contestants: each is a program of its own, and one operation is one frame.
import { fileURLToPath } from 'node:url';
import { Child, keptMemory, userEnvironment } from '../child.ts';
import type { Contestant } from '../comparison.ts';
import type { Tree } from '../tree.ts';
import { argumentsOf, type Frame } from './frames.ts';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** A contestant and its process. */
export interface Host extends Contestant, AsyncDisposable {}

/** The memory management of a Python host: glibc's defaults, or freed memory is kept for the next frame. */
export type HostMemory = 'default' | 'kept';

export function seedHost(python: string, port: number, frame: Frame, memory: HostMemory): Host {
  const name = memory === 'kept' ? "the seed's host, memory kept" : "the seed's host";
  const args = [file('../python/webcam_stream.py'), String(port), ...argumentsOf(frame)];
  return inPython(name, python, args, memory === 'kept' ? keptMemory() : userEnvironment());
}

/** A host of rewritten_model.py. @param path the model's socket */
export function rewrittenHost(name: string, python: string, path: string, frame: Frame, inFlight: 1 | 2): Host {
  const args = [file('../python/rewritten_host.py'), path, String(inFlight), ...argumentsOf(frame)];
  return inPython(name, python, args, keptMemory());
}

/** The model's own loop, without a host. */
export function limit(python: string, frame: Frame): Host {
  return inPython('the limit', python, [file('../python/limit.py'), ...argumentsOf(frame)], keptMemory());
}

/** The name of a host in the table, and the checkout of its program if that is not this one. */
interface Whose {
  readonly name?: string;
  readonly tree?: Tree;
}

/** @param target as `connect` takes it */
export function ourHost(target: string, frame: Frame, inFlight: 1 | 2, { name = 'connect', tree }: Whose = {}): Host {
  return ours(name, 'our-host.ts', [target, String(inFlight), ...argumentsOf(frame)], tree);
}

/** A host that launches a model of its own on that port. */
export function launchedHost(
  python: string,
  port: number,
  frame: Frame,
  inFlight: 1 | 2,
  { name = 'launch', tree }: Whose = {},
): Host {
  return ours(name, 'launched-host.ts', [python, String(port), String(inFlight), ...argumentsOf(frame)], tree);
}

/** A host that launches `count` models, on that port and the ports after it. */
export function replicasHost(python: string, port: number, count: number, frame: Frame): Host {
  const name = count === 1 ? 'one replica' : `${count} replicas`;
  const args = [python, String(port), String(count), 'requests', ...argumentsOf(frame)];
  return ours(name, 'replicas-host.ts', args);
}

/** A host of a lane without launch, with shared memory or through the lane's socket alone. */
export function laneHost(python: string, port: number, way: 'memory' | 'socket', frame: Frame, inFlight: 1 | 2): Host {
  return ours(`lane by ${way}`, 'lane-host.ts', [python, String(port), way, String(inFlight), ...argumentsOf(frame)]);
}

export function ceiling(port: number, frame: Frame): Host {
  return ours('the ceiling', 'ceiling.ts', [String(port), ...argumentsOf(frame)]);
}

/** A host that launches a container from that image, and calls it by its lane or by a relay through docker exec. */
export function containerHost(image: string, way: 'lane' | 'exec', frame: Frame, name: string): Host {
  return ours(name, 'container-host.ts', [image, way, ...argumentsOf(frame)]);
}

/** Python compiles nothing at run time, so it needs a short warm-up. */
function inPython(name: string, python: string, args: readonly string[], env: NodeJS.ProcessEnv): Host {
  return { ...host(name, python, args, env), warmUpSeconds: 1 };
}

function ours(name: string, script: string, args: readonly string[], tree?: Tree): Host {
  const path = tree === undefined ? file(script) : tree.file(`bench/model/${script}`);
  return host(name, process.execPath, [...process.execArgv, path, ...args], userEnvironment());
}

function host(name: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv): Host {
  const child = new Child(program, args, env);
  return {
    name,
    run: async (frames, clock) => Number((await child.ask({ frames, clock }))['seconds']),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Disposes its arguments one after the other, so hosts have to stand before their models. */
export async function inOrder(...all: readonly AsyncDisposable[]): Promise<void> {
  for (const each of all) await each[Symbol.asyncDispose]();
}
