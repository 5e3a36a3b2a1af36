// Brings a Docker Engine and the offline base image for the project `docker`, and ends the engine afterwards where it
// was started here. Without one the tests skip themselves by name.
import type { TestProject } from 'vitest/node';
import { baseImage } from '../../../scripts/machine/base-image.mjs';
import { nodeImage } from '../../../scripts/machine/node-image.mjs';
import { dockerEngine } from '../../../scripts/setup/docker.mjs';

/** What the tests are given. */
export interface DockerForTests {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** A client that this engine understands. */
  readonly docker: string;
  /** An image with Python and NumPy, made on this machine. */
  readonly image: string;
  /** The same with Node. */
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
