// Finds or starts a Docker Engine for the tests of the project `docker`, and makes their base images without a network. It stops an
// engine that it has started. Without an engine the tests are skipped.
import type { TestProject } from 'vitest/node';
import { baseImage } from '../../../scripts/machine/base-image.mjs';
import { nodeImage } from '../../../scripts/machine/node-image.mjs';
import { dockerEngine } from '../../../scripts/setup/docker.mjs';

/** The tests get these values by inject('docker'). */
export interface DockerForTests {
  /** The engine's address, for the variable DOCKER_HOST. */
  readonly host: string;
  /** The path of a command-line client for this engine. */
  readonly docker: string;
  /** An image with Python and NumPy, made on this machine. */
  readonly image: string;
  /** An image with Node, made on this machine. */
  readonly nodeImage: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    docker: DockerForTests | undefined;
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const engine = await dockerEngine();
  if ('missing' in engine) {
    console.error(engine.missing);
    project.provide('docker', undefined);
    return undefined;
  }
  try {
    const base = await baseImage(engine);
    if ('missing' in base) console.error(base.missing);
    const { host, docker } = engine;
    const node = 'missing' in base ? base : await nodeImage({ host, docker, base: base.image });
    if (!('missing' in base) && 'missing' in node) console.error(node.missing);
    const both = 'missing' in base || 'missing' in node;
    project.provide('docker', both ? undefined : { host, docker, image: base.image, nodeImage: node.image });
    return () => engine.stop();
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
