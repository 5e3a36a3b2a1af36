// The base image with Node in it, for images of ours that stand on Node, where no registry can be reached. The binary is the
// toolchain's, out of the npm package that brings it.

import { copyFileSync, linkSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, lastWords } from '../setup/child.mjs';
import { step } from '../setup/steps.mjs';
import { toolchain } from '../setup/toolchain.mjs';

/**
 * @param {{ host: string, docker: string, base: string }} options the engine that gets it, and the image that it stands on
 * @returns {Promise<{ image: string } | { missing: string }>}
 */
export function nodeImage({ host, docker, base }) {
  return step(
    'Image with Node',
    () => findOrMake(host, docker, base),
    (made) => ('missing' in made ? 'not made' : made.image),
  );
}

/** @param {string} host @param {string} docker @param {string} base @returns {Promise<{ image: string } | { missing: string }>} */
async function findOrMake(host, docker, base) {
  const { node } = await toolchain();
  const version = (await capture(node, ['--version'])).stdout.trim();
  const image = `${base.replace('bridge-base:', 'bridge-node:')}-${version}`;
  const env = { ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '0' };
  if ((await capture(docker, ['image', 'inspect', image], { env })).code === 0) return { image };
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-node-'));
  try {
    const binary = join(folder, 'node');
    try {
      linkSync(realpathSync(node), binary);
    } catch {
      copyFileSync(node, binary); // on another file system
    }
    writeFileSync(
      join(folder, 'Dockerfile'),
      `FROM ${base}\nCOPY node /usr/local/bin/node\nRUN ["node", "--version"]\n`,
    );
    const built = await capture(docker, ['build', '--quiet', '--force-rm', '--tag', image, folder], { env });
    return built.code === 0 ? { image } : { missing: `No image with Node could be made: ${lastWords(built)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
