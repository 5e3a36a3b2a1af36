// Where the engine is: what DOCKER_HOST says, else what the `docker` command's context says, else the first of the sockets
// at which engines are usually found.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';

/** An engine's address, and how its client is told. */
export interface EngineAddress {
  /** `unix:///var/run/docker.sock` */
  readonly where: string;
  readonly client: DockerOptions;
}

/** @param env the variables, as in process.env */
export function engineAddress(env: NodeJS.ProcessEnv): EngineAddress {
  const where = env['DOCKER_HOST'] || contextHost(env) || usualSocket(env);
  const url = URL.canParse(where) ? new URL(where) : undefined;
  switch (url?.protocol) {
    case 'unix:':
      return { where, client: { socketPath: decodeURIComponent(url.pathname) } };
    case 'npipe:':
      return { where, client: { socketPath: where.slice('npipe://'.length) } };
    case 'ssh:':
      return { where, client: { protocol: 'ssh', host: url.hostname, port: url.port || 22, username: url.username } };
    default:
      // The client itself knows what is to be read of DOCKER_TLS_VERIFY and DOCKER_CERT_PATH.
      return { where, client: env['DOCKER_HOST'] ? {} : { host: url?.hostname ?? where, port: url?.port ?? '2375' } };
  }
}

/** What the current context points at, where it is not the default one. */
function contextHost(env: NodeJS.ProcessEnv): string | undefined {
  const folder = env['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const { currentContext } = json(join(folder, 'config.json')) as { currentContext?: string };
  const name = env['DOCKER_CONTEXT'] || currentContext;
  if (!name || name === 'default') return undefined;
  const id = createHash('sha256').update(name).digest('hex');
  const { Endpoints } = json(join(folder, 'contexts', 'meta', id, 'meta.json')) as {
    Endpoints?: { docker?: { Host?: string } };
  };
  return Endpoints?.docker?.Host;
}

function usualSocket({ XDG_RUNTIME_DIR }: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return 'npipe:////./pipe/docker_engine';
  const system = '/var/run/docker.sock';
  const own = [
    join(homedir(), '.docker/run/docker.sock'),
    ...(XDG_RUNTIME_DIR ? [join(XDG_RUNTIME_DIR, 'docker.sock')] : []),
  ];
  return `unix://${[system, ...own].find((path) => existsSync(path)) ?? system}`;
}

function json(path: string): object {
  try {
    return Object(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {};
  }
}
