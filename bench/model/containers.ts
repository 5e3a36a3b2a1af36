// Starts the model, and the relay of deploy/, in containers by the `docker` command, as a user without launch would. An image is
// built before its first container starts. The engine has to run on this machine, whose kernel's tables tell whether a container
// listens.
import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { listenersOf } from '@bridge/transport/machine';
import { LOOK_MS } from './model-process.ts';

const IMAGES = {
  model: { name: 'npbridge-bench-model', folder: '../python/', base: process.env['BRIDGE_BASE_IMAGE'] },
  relay: { name: 'npbridge-relay', folder: '../../deploy/', base: process.env['BRIDGE_NODE_IMAGE'] },
} as const;
const STARTUP_MS = 30_000;

/** Debian's Docker comes without buildx; the classic builder is enough for these and in every release. */
const env = { DOCKER_BUILDKIT: '0', ...process.env };

async function docker(...args: string[]): Promise<string> {
  return (await promisify(execFile)('docker', args, { env })).stdout.trim();
}

const built = new Map<keyof typeof IMAGES, Promise<string>>();

/** @returns its name */
export function imageOf(what: keyof typeof IMAGES): Promise<string> {
  const { name, folder, base } = IMAGES[what];
  const args = base === undefined ? [] : ['--build-arg', `BASE_IMAGE=${base}`];
  const context = fileURLToPath(new URL(folder, import.meta.url));
  const building = built.get(what) ?? docker('build', '--quiet', '--tag', name, ...args, context).then(() => name);
  built.set(what, building);
  return building;
}

/** A container whose program listens on its port. */
export interface Container extends AsyncDisposable {
  readonly name: string;
  /** Its address in its own network, or '' if it has none. */
  readonly address: string;
  /** The port of 127.0.0.1 that was published for it, if any. */
  readonly publishedPort: number;
}

interface ContainerOptions {
  /** Further arguments of `docker run`. */
  readonly options?: readonly string[];
  /** The command, if it is not the image's own. */
  readonly command?: readonly string[];
  /** The port on which the program listens in its own network. */
  readonly port: number;
}

/** Starts a container with an init and a log of the size that launch uses. @throws Error if it does not listen in time */
export async function startContainer(
  what: keyof typeof IMAGES,
  { options = [], command = [], port }: ContainerOptions,
): Promise<Container> {
  const name = `npbridge-bench-${randomUUID().slice(0, 8)}`;
  const common = ['--detach', '--init', '--log-opt', 'max-size=8m', '--log-opt', 'max-file=2', '--name', name];
  const remove = ['rm', '--force', '--volumes', name];
  const image = await imageOf(what);
  const undo = endWithUs(() => void spawnSync('docker', remove, { env, stdio: 'ignore' }));
  const end = async (): Promise<void> => {
    await docker(...remove);
    undo();
  };
  try {
    await docker('run', ...common, ...options, image, ...command);
    const facts = '{{.State.Pid}};{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
    const published = `{{range $port, $at := .NetworkSettings.Ports}}{{range $at}}{{.HostPort}}{{end}}{{end}}`;
    const inspected = await docker('inspect', '--format', `${facts};${published}`, name);
    const [pid, address = '', publishedPort] = inspected.split(';');
    const deadline = performance.now() + STARTUP_MS;
    while ((await listenersOf(port, Number(pid))).length === 0) {
      if (performance.now() > deadline) throw new Error(`${name} does not listen on ${port}`);
      await sleep(LOOK_MS);
    }
    return { name, address, publishedPort: Number(publishedPort), [Symbol.asyncDispose]: end };
  } catch (error) {
    await end();
    throw error;
  }
}

const endings = new Set<() => void>();

/** A container does not end with the program that has started it. */
function endWithUs(end: () => void): () => void {
  if (endings.size === 0) {
    process.once('exit', endAll);
    process.once('SIGINT', exitInterrupted).once('SIGTERM', exitInterrupted);
  }
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size > 0) return;
    process.off('exit', endAll);
    process.off('SIGINT', exitInterrupted).off('SIGTERM', exitInterrupted);
  };
}

function endAll(): void {
  for (const end of endings) end();
}

function exitInterrupted(): void {
  process.exit(1);
}
