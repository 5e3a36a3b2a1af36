// A reachable Docker Engine: the one that is set or running. Only where none answers, and the user allows it, one is started by
// ../machine/engine.mjs for as long as it is needed.

import { reachableEngine } from './docker-client.mjs';
import { step, systemAllowed } from './steps.mjs';

/**
 * @typedef {{
 *   host: string,
 *   docker: string,
 *   ours: boolean,
 *   how: string,
 *   stop(): Promise<void>,
 * }} Engine `host` is for DOCKER_HOST, `docker` is a command-line client that this engine understands; `stop` ends an
 * engine that was started here with everything it runs, does nothing to another, and may be called twice
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
  const running = await reachableEngine(process.env.DOCKER_HOST);
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
  const { startEngine } = await import('../machine/engine.mjs');
  const started = await startEngine();
  return 'missing' in started ? { missing: `${advice}: ${started.missing}` } : started;
}
