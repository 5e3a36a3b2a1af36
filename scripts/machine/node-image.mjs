// Makes the base image of the relay's Dockerfile where no registry can be reached: the base image with the toolchain's Node, which
// comes out of an npm package.

import { copyFileSync, linkSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, outputTail } from '../setup/child.mjs';
import { step } from '../setup/steps.mjs';
import { toolchain } from '../setup/toolchain.mjs';

/**
 * @param {{ host: string, docker: string, base: string }} options `host`: the engine that gets the image; `base`: the image that it is built from
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
      copyFileSync(node, binary); // a hard link does not reach another file system
    }
    writeFileSync(
      join(folder, 'Dockerfile'),
      `FROM ${base}\nCOPY node /usr/local/bin/node\nRUN ["node", "--version"]\n`,
    );
    const built = await capture(docker, ['build', '--quiet', '--force-rm', '--tag', image, folder], { env });
    return built.code === 0 ? { image } : { missing: `No image with Node could be made: ${outputTail(built)}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
