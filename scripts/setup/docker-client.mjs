// Docker's command-line client: one that gets an answer from an engine, and the engine that it reaches.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from './child.mjs';

/**
 * Returns a client that gets an answer: where two are installed, the newer one may no longer speak an old engine's API.
 * @param {string | undefined} host undefined: wherever the client's context points
 */
export async function clientFor(host) {
  const env = host ? { ...process.env, DOCKER_HOST: host } : process.env;
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']) {
    const docker = join(folder, 'docker');
    if (!executable(docker)) continue;
    const asked = await capture(docker, ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 15_000 });
    if (asked.code === 0 && asked.stdout.trim()) return docker;
  }
  return undefined;
}

/**
 * Returns the engine that answers.
 * @param {string | undefined} host undefined: wherever the client's context points
 * @returns {Promise<import('./docker.mjs').Engine | undefined>}
 */
export async function reachableEngine(host) {
  const docker = await clientFor(host);
  if (!docker) return undefined;
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const at = host ?? ((await capture(docker, args)).stdout.trim() || 'unix:///var/run/docker.sock');
  return { host: at, docker, ours: false, how: `already running at ${at}`, stop: async () => {} };
}

/** @param {string} name */
export function inPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => executable(join(folder, name)));
}

/** @param {string} path */
function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
