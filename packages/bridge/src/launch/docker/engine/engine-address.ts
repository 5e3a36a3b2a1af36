// The address of the Docker Engine: that of DOCKER_HOST, else that of the `docker` command's current context, else the first existing
// one of the usual sockets.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { DockerOptions } from 'dockerode';

/** An engine's address, as a string and as options of its client. */
export interface EngineAddress {
  /** The address for messages: `unix:///var/run/docker.sock`. */
  readonly where: string;
  readonly client: DockerOptions;
}

/** Environment variables. */
type Variables = Readonly<Record<string, string | undefined>>;

/** Returns the address. @param env the environment variables, as in process.env */
export function engineAddress(env: Variables): EngineAddress {
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
      return { where, client: { host: url?.hostname ?? where, ...secured(env, url?.port) } };
  }
}

/**
 * Returns the options of a TCP connection, by the variables of the `docker` command: DOCKER_TLS_VERIFY, and DOCKER_CERT_PATH for the
 * certificates.
 */
function secured(env: Variables, port: string | undefined): DockerOptions {
  if (!env['DOCKER_TLS_VERIFY']) return { protocol: 'http', port: port || '2375' };
  const folder = env['DOCKER_CERT_PATH'] || join(homedir(), '.docker');
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => {
    const file = join(folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  });
  return {
    protocol: 'https',
    port: port || '2376',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

/** Returns the address of the current context; undefined if that is the default context. */
function contextHost(env: Variables): string | undefined {
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

function usualSocket({ XDG_RUNTIME_DIR }: Variables): string {
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
