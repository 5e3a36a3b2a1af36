// Gives a task a Docker Engine and a base image. An engine that was started for the task is stopped when the task has ended.

import { capture } from '../setup/child.mjs';
import { dockerEngine } from '../setup/docker.mjs';
import { note, SetupError, systemAllowed } from '../setup/steps.mjs';

/** @typedef {import('../setup/docker.mjs').Engine} Engine */

/**
 * @param {(env: { DOCKER_HOST: string, BRIDGE_BASE_IMAGE?: string }, engine: Engine) => Promise<number>} run
 * @returns {Promise<number>} the exit code of `run`
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
 * Returns an empty environment if the engine can pull the base image that the Dockerfile names.
 * @param {Engine} engine
 * @returns {Promise<{ BRIDGE_BASE_IMAGE?: string }>}
 */
async function baseImageVariable({ host, docker, ours }) {
  if (process.env.BRIDGE_BASE_IMAGE) return {};
  // In an engine that was started here, the RUN steps of a build have no network, so that the image must have NumPy already. Any other
  // engine is asked to search its registry, which it knows by its own configuration.
  const env = { ...process.env, DOCKER_HOST: host };
  const search = () => capture(docker, ['search', '--limit', '1', 'python'], { env, timeoutMs: 15_000 });
  if (!ours && (await search()).code === 0) return {};
  if (!ours && !systemAllowed()) {
    note('the Docker Engine reaches no registry: with --system a base image would be made of Debian packages');
    return {};
  }
  const { baseImage } = await import('../machine/base-image.mjs');
  const base = await baseImage({ host, docker });
  if ('missing' in base)
    throw new SetupError(`${base.missing} Set BRIDGE_BASE_IMAGE to an image with Python and NumPy.`);
  return { BRIDGE_BASE_IMAGE: base.image };
}
