// A Docker Engine and a base image for a task that asks for them. An engine that was started for it ends with it, however it
// ends.

import { capture } from '../setup/child.mjs';
import { dockerEngine } from '../setup/docker.mjs';
import { note, SetupError, systemAllowed } from '../setup/steps.mjs';

/** @typedef {import('../setup/docker.mjs').Engine} Engine */

/**
 * @param {(env: { DOCKER_HOST: string, BRIDGE_BASE_IMAGE?: string }, engine: Engine) => Promise<number>} run
 * @returns {Promise<number>} its exit code
 */
export async function withEngine(run) {
  const engine = await dockerEngine();
  if ('missing' in engine) throw new SetupError(engine.missing);
  try {
    return await run({ DOCKER_HOST: engine.host, ...(await baseImageVariable(engine)) }, engine);
  } finally {
    await engine.stop();
  }
}

/**
 * Unset where the Dockerfile's own base can be had.
 * @param {Engine} engine
 * @returns {Promise<{ BRIDGE_BASE_IMAGE?: string }>}
 */
async function baseImageVariable({ host, docker, ours }) {
  if (process.env.BRIDGE_BASE_IMAGE) return {};
  // In an engine of ours a build's RUN steps have no network, so the image must hold NumPy already. Another engine is
  // asked to search its registry: that needs no host name here and goes by the engine's own configuration.
  const env = { ...process.env, DOCKER_HOST: host };
  const search = () => capture(docker, ['search', '--limit', '1', 'python'], { env, timeoutMs: 15_000 });
  if (!ours && (await search()).code === 0) return {};
  if (!ours && !systemAllowed()) {
    note('the Docker Engine reaches no registry; --system would make a base image out of Debian packages');
    return {};
  }
  const { baseImage } = await import('../machine/base-image.mjs');
  const base = await baseImage({ host, docker });
  if ('missing' in base)
    throw new SetupError(`${base.missing} Set BRIDGE_BASE_IMAGE to an image with Python and NumPy.`);
  return { BRIDGE_BASE_IMAGE: base.image };
}
