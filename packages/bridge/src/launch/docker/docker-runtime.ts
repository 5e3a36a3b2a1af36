// Runs models in containers, through the API of a Docker Engine that is already running.
import { readFileSync } from 'node:fs';
import { BridgeError, isBridgeError } from '../../errors/bridge-error.ts';
import { hostLives, isOfThisUser } from '../leftovers/launch-name.ts';
import type { Instance, LogSink, Plan, Program, Runtime } from '../runtime.ts';
import { checkVariables } from '../spec/plan-options.ts';
import { ContainerInstance, remove } from './container/container.ts';
import { containerEnd } from './container/container-end-watch.ts';
import { containerOptions, inBody, LABELS } from './container/container-options.ts';
import { type Engine, openEngine, within } from './engine/engine.ts';
import { dockerError, engineMessage, statusOf } from './engine/engine-errors.ts';
import { buildImage, imageFacts } from './image/image.ts';

/** The limit for an answer of the engine. */
const ANSWER_MS = 10_000;
/** The limit for creating a container, which takes a busy engine some time. */
const CREATE_MS = 60_000;

/**
 * Resolves with the runtime of the Docker Engine that the environment variables name.
 * @param env the environment variables DOCKER_HOST and DOCKER_CONTEXT
 * @throws BridgeError BRIDGE_OPTION; BRIDGE_LAUNCH if dockerode is not installed, or if no engine answers
 */
export async function dockerRuntime(env: Readonly<Record<string, string | undefined>> = process.env): Promise<Runtime> {
  return new DockerRuntime(await openEngine(checkVariables('env', env)));
}

class DockerRuntime implements Runtime {
  readonly name: string;
  readonly #engine: Engine;
  /** Containers that could not be removed because the engine was gone. They are removed once it is back. */
  readonly #leftOver = new Set<string>();

  constructor(engine: Engine) {
    this.name = engine.name;
    this.#engine = engine;
  }

  async prepare(program: Program, log: LogSink, signal: AbortSignal): Promise<Program> {
    signal.throwIfAborted();
    if (program.kind === 'command')
      throw new BridgeError(
        'BRIDGE_OPTION',
        'a container runs an image, and not a command of this machine: use `image` or `build`',
      );
    const { command } = program;
    const image = program.kind === 'build' ? await buildImage(this.#engine, program.build, log, signal) : program.image;
    const { exposedPorts } = await imageFacts(this.#engine, image);
    return { kind: 'image', image, command, exposedPorts };
  }

  async start(plan: Plan, log: LogSink, signal: AbortSignal): Promise<Instance> {
    const engine = this.#engine;
    const { docker, where } = engine;
    if (plan.program.kind !== 'image') throw new Error('a plan for a container needs the image that prepare() returns');
    await this.#clearUp();
    signal.throwIfAborted();
    const image = await imageFacts(engine, plan.program.image);
    const boot = engine.sameKernel ? bootId() : undefined;
    const options = containerOptions(plan, { image, published: !engine.sameNetwork && engine.publishesHere, boot });
    try {
      const container = await within(CREATE_MS, docker.createContainer(inBody(options)));
      try {
        signal.throwIfAborted();
        const end = await containerEnd(engine, container, plan.memoryBytes);
        try {
          const leftOver = (id: string): void => void this.#leftOver.add(id);
          const { stopSignal } = image;
          const instance = await ContainerInstance.start({ engine, container, plan, log, end, stopSignal, leftOver });
          if (signal.aborted) await instance.stop({ graceMs: 0 });
          signal.throwIfAborted();
          return instance;
        } catch (error) {
          end.release();
          throw error;
        }
      } catch (error) {
        if (!(await remove(container))) this.#leftOver.add(container.id);
        throw error;
      }
    } catch (cause) {
      if (signal.aborted || isBridgeError(cause)) throw cause;
      if (statusOf(cause) === undefined)
        throw dockerError(
          'no-engine',
          `the Docker Engine at ${where} is gone: ${engineMessage(cause)}`,
          { where },
          cause,
        );
      const message = `${engine.name} could not start ${plan.program.image}: ${engineMessage(cause)}`;
      throw dockerError('refused', message, { image: plan.program.image, status: statusOf(cause) }, cause);
    }
  }

  async sweep(): Promise<readonly string[]> {
    const lines: string[] = [];
    const filters = { label: [LABELS.launch] };
    const { docker, where, name } = this.#engine;
    const containers = await within(ANSWER_MS, docker.listContainers({ all: true, filters })).catch(
      (cause: unknown) => {
        const message = `${name} at ${where} could not list its containers: ${engineMessage(cause)}`;
        throw dockerError('no-engine', message, { where, status: statusOf(cause) }, cause);
      },
    );
    for (const { Id, Image, Labels } of containers) {
      const launch = Labels[LABELS.launch] ?? '';
      // This user could remove all of the engine's containers. Those of other users are left alone.
      if (!isOfThisUser(launch)) continue;
      const lives = hostLives(launch);
      const boot = Labels[LABELS.boot];
      // Containers that a host on another machine has started on this engine are left alone.
      const ofAnEarlierBoot = this.#engine.sameKernel && boot !== undefined && boot !== bootId();
      if (lives !== false && !ofAnEarlierBoot) continue;
      if (await remove(this.#engine.docker.getContainer(Id))) {
        lines.push(`container ${Id.slice(0, 12)} of image ${Image}, whose host has ended`);
      }
    }
    return lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clearUp();
  }

  async #clearUp(): Promise<void> {
    for (const id of this.#leftOver) {
      if (await remove(this.#engine.docker.getContainer(id))) this.#leftOver.delete(id);
    }
  }
}

/** Returns the id of the kernel's present boot; undefined if the kernel does not tell. */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return undefined;
  }
}
