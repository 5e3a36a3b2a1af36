// A reachable Docker Engine: the one that is set or running, else one of our own for as long as it is needed. What our
// own one consists of is in docker-daemon.mjs; the image that needs no registry is in base-image.mjs.

import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { capture } from './child.mjs';
import { startDaemon, sweepDaemons } from './docker-daemon.mjs';
import { ENGINE_PACKAGES } from './pins.mjs';
import { step, systemAllowed } from './steps.mjs';

export { baseImage } from './base-image.mjs';
export { nodeImage } from './node-image.mjs';

/**
 * @typedef {{
 *   host: string,
 *   docker: string,
 *   ours: boolean,
 *   how: string,
 *   stop(): Promise<void>,
 * }} Engine `host` is for DOCKER_HOST, `docker` is a command-line client that this engine understands; `stop` ends an
 * engine of ours with everything it runs, does nothing to another, and may be called twice
 */

/**
 * @param {{ allowSystem?: boolean }} [options]
 * @returns {Promise<Engine | { missing: string }>}
 */
export function dockerEngine({ allowSystem = systemAllowed() } = {}) {
  return step(
    'Docker Engine',
    () => findOrStart(allowSystem),
    (found) => ('missing' in found ? 'not found' : found.how),
  );
}

/** @param {boolean} allowSystem @returns {Promise<Engine | { missing: string }>} */
async function findOrStart(allowSystem) {
  const running = await reachable(process.env.DOCKER_HOST);
  if (running) return running;
  if (process.env.DOCKER_HOST) {
    return {
      missing: `DOCKER_HOST is set to ${process.env.DOCKER_HOST}, where no Docker Engine answers: unset it or start it.`,
    };
  }
  const advice =
    'No Docker Engine answers: start or install one (on Debian: apt install docker.io), or set DOCKER_HOST';
  if (process.platform !== 'linux') return { missing: `${advice}.` };
  if (!allowSystem) return { missing: `${advice}, or allow system packages with --system.` };
  if (process.getuid?.() !== 0) return { missing: `${advice}; starting one for you needs root.` };

  // Checked before apt is asked: an engine from elsewhere brings its own dockerd under another package's name.
  if (!inPath('dockerd') || !inPath('ip')) {
    const done = await aptInstall(ENGINE_PACKAGES, { allowSystem });
    if ('missing' in done) return { missing: `${advice}: ${done.missing}.` };
    // Where an init system runs, the package has started it.
    const started = await reachable(undefined);
    if (started) return started;
  }
  await sweepDaemons();
  const daemon = await startDaemon(async (host) => Boolean(await clientFor(host)));
  if ('missing' in daemon) return daemon;
  const docker = (await clientFor(daemon.host)) ?? 'docker';
  return { host: daemon.host, docker, ours: true, how: `started for now on ${daemon.host}`, stop: daemon.stop };
}

/** @param {string | undefined} host undefined: wherever the client's context points @returns {Promise<Engine | undefined>} */
async function reachable(host) {
  const docker = await clientFor(host);
  if (!docker) return undefined;
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const at = host ?? ((await capture(docker, args)).stdout.trim() || 'unix:///var/run/docker.sock');
  return { host: at, docker, ours: false, how: `already running at ${at}`, stop: async () => {} };
}

/**
 * A client that gets an answer: where two are installed, the newer may have stopped speaking an old engine's API.
 * @param {string | undefined} host
 */
async function clientFor(host) {
  const env = host ? { ...process.env, DOCKER_HOST: host } : process.env;
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']) {
    const docker = join(folder, 'docker');
    if (!executable(docker)) continue;
    const asked = await capture(docker, ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 15_000 });
    if (asked.code === 0 && asked.stdout.trim()) return docker;
  }
  return undefined;
}

/** @param {string} name */
function inPath(name) {
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
