// An instance of a model that runs in a container.
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { listenersOf } from '@bridge/transport/machine';
import type Docker from 'dockerode';
import { atMost } from '../../../platform/at-most.ts';
import { tcpReplica } from '../../../targets/tcp-scheme.ts';
import { isExhausted } from '../../process/exhausted.ts';
import type { Ending, Instance, Listening, LogSink, Plan, Route, RouteOptions, Usage } from '../../runtime.ts';
import { type Engine, isOnOwnNetwork, within } from '../engine/engine.ts';
import { dockerError, engineMessage, statusOf } from '../engine/engine-errors.ts';
import { execRelay } from '../exec/exec-relay.ts';
import type { ContainerEnd } from './container-end-watch.ts';
import { attach, follow } from './container-output.ts';
import { listenersInside } from './listeners-inside.ts';
import { PublishedPort } from './published-port-check.ts';

/** The limit for an answer of the engine while a model runs. */
const ANSWER_MS = 5000;
/** The limit for starting a container. */
const START_MS = 60_000;
/** The most milliseconds between the report of a model's end and the arrival of its last output. */
const LAST_WORDS_MS = 1000;

export interface ContainerParts {
  readonly engine: Engine;
  readonly container: Docker.Container;
  readonly plan: Plan;
  readonly log: LogSink;
  readonly end: ContainerEnd;
  readonly stopSignal: string;
  /** Called with the id of a container that could not be removed. It is removed later. */
  readonly leftOver: (id: string) => void;
}

export class ContainerInstance implements Instance {
  readonly name: string;
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  readonly #parts: ContainerParts;
  /** The address in the container's network, and the port on the engine's machine, if it has them. */
  readonly #address: string | undefined;
  readonly #publishedPort: number | undefined;
  #over = false;
  /** True once the container has ended. Its last output may still arrive. */
  #dead = false;
  #stopping: Promise<void> | undefined;

  /**
   * Starts a container that has been created. Its output is read from the first byte on.
   * @throws the engine's error
   */
  static async start(parts: ContainerParts): Promise<ContainerInstance> {
    const { container, end, log } = parts;
    const output = await attach(container, log);
    try {
      await within(START_MS, container.start());
      const [facts] = await Promise.all([within(ANSWER_MS, container.inspect()), end.look()]);
      return new ContainerInstance(parts, output, facts);
    } catch (error) {
      output.destroy();
      throw error;
    }
  }

  /** Called by `start` only. */
  constructor(parts: ContainerParts, output: Readable, facts: Docker.ContainerInspectInfo) {
    const { container, engine, plan, end, log } = parts;
    this.#parts = parts;
    this.name = `container ${container.id.slice(0, 12)}`;
    this.pid = engine.sameKernel ? ownPid(facts.State.Pid, container.id) : undefined;
    const { Networks, Ports } = facts.NetworkSettings;
    this.#address = Object.values(Networks).find((each) => each.IPAddress)?.IPAddress;
    const port = Number(Ports[`${plan.port}/tcp`]?.[0]?.HostPort);
    this.#publishedPort = port > 0 ? port : undefined;
    const drained = follow(output, container, log, end.ended);
    // A program that ends without disposing has no time left to ask the engine, so it kills the process. The next launch removes the rest.
    const killAtExit = (): void => {
      if (this.pid !== undefined && ownPid(this.pid, container.id) !== undefined) kill(this.pid);
    };
    process.on('exit', killAtExit);
    this.ended = end.ended.then(async (ending) => {
      this.#dead = true;
      process.off('exit', killAtExit);
      await Promise.race([drained, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      this.#over = true;
      return ending;
    });
  }

  async listening(): Promise<Listening | undefined> {
    if (this.#over) return undefined;
    const { port } = this.#parts.plan;
    try {
      const [widest] =
        this.pid === undefined ? await listenersInside(this.#parts.container, port) : await listenersOf(port, this.pid);
      return widest;
    } catch (error) {
      // Without file descriptors nothing can be seen, which does not mean that the model does not listen.
      if (isExhausted(error)) throw error;
      return undefined; // the container has just ended
    }
  }

  async route(listening: Listening, options: RouteOptions): Promise<Route> {
    const { engine, plan } = this.#parts;
    const isListening = async (): Promise<boolean | undefined> =>
      this.#over ? false : (await this.listening()) !== undefined;
    const tcpRoute = (host: string, port: number, isPeer: () => boolean, how: string): Route => {
      const { dialect, limits, shared } = options;
      const replica = tcpReplica({ host, port }, { dialect, limits, shared, isPeer });
      return { ...replica, listening: isListening, how: `${how}, since it listens on ${listening.address}` };
    };
    if (listening.on !== 'loopback') {
      const address = this.#address;
      if (engine.sameNetwork && address && isOnOwnNetwork(address)) {
        return tcpRoute(address, plan.port, () => this.#lives, `the container's own address ${address}`);
      }
      const published = this.#publishedPort;
      if (published !== undefined) {
        const port = new PublishedPort(
          published,
          () => this.#publishes(published),
          () => this.#lives,
        );
        if (!(await port.confirm())) throw this.#lostPort(published);
        const route = tcpRoute('127.0.0.1', published, port.isPeer, `port ${published}, published on loopback`);
        return { ...route, carrier: port.guard(route.carrier) };
      }
    }
    return { ...(await this.#inside(listening, options)), listening: isListening };
  }

  /**
   * True while the container runs, as far as can be seen at once. When it ends, another container may get its address before the engine
   * reports the end.
   */
  get #lives(): boolean {
    const { pid } = this;
    return !this.#dead && (pid === undefined || ownPid(pid, this.#parts.container.id) !== undefined);
  }

  /** Resolves with true if the engine says that the container runs and publishes this port. */
  async #publishes(port: number): Promise<boolean> {
    const { container, plan } = this.#parts;
    try {
      const { State, NetworkSettings } = await within(ANSWER_MS, container.inspect());
      return State.Running && NetworkSettings.Ports[`${plan.port}/tcp`]?.[0]?.HostPort === String(port);
    } catch {
      return false;
    }
  }

  #lostPort(port: number): Error {
    const message = `port ${port} of this machine, which Docker published for ${this.name}, cannot be confirmed as the container's: the container has ended, another program listens there, or the engine did not answer`;
    return dockerError('no-route', message, { port, container: this.#parts.container.id });
  }

  async usage(): Promise<Usage | undefined> {
    if (this.#over) return undefined;
    try {
      const options = { stream: false, 'one-shot': true } as const;
      const stats = await within(ANSWER_MS, this.#parts.container.stats(options));
      const { usage, stats: parts } = stats.memory_stats;
      if (!(usage > 0)) return undefined;
      // Cached files do not count, because the kernel drops them when memory is needed. cgroups v1 has the other name.
      const { inactive_file = 0, total_inactive_file = inactive_file } = parts as unknown as Record<string, number>;
      return { cpuSeconds: stats.cpu_stats.cpu_usage.total_usage / 1e9, memoryBytes: usage - total_inactive_file };
    } catch {
      return undefined;
    }
  }

  stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    this.#stopping ??= this.#stop(graceMs);
    return this.#stopping;
  }

  async #stop(graceMs: number): Promise<void> {
    const { container, end, leftOver, stopSignal } = this.#parts;
    const endings = [
      { signal: stopSignal, patienceMs: graceMs },
      { signal: 'SIGKILL', patienceMs: LAST_WORDS_MS },
    ];
    for (const { signal, patienceMs } of endings) {
      if (this.#over || patienceMs === 0) continue;
      const answer = await within(ANSWER_MS, container.kill({ signal })).catch((error: unknown) => ({ error }));
      // An error with a status means that the container is not running. Without a status the engine did not answer, and is gone.
      if ('error' in Object(answer) && statusOf((answer as { error: unknown }).error) === undefined) break;
      await atMost(this.ended, patienceMs);
    }
    if (!(await remove(container))) {
      leftOver(container.id);
      // The engine is gone, and its containers may run on without it.
      if (this.pid !== undefined && ownPid(this.pid, container.id) !== undefined) kill(this.pid);
    }
    await end.look();
    await this.ended;
    end.release();
  }

  /** Resolves with a carrier through `docker exec`, the only way to a port that only its own container can reach. */
  async #inside(listening: Listening, { dialect, limits }: RouteOptions): Promise<Route> {
    const { container, plan } = this.#parts;
    const host = listening.on === 'any' ? '127.0.0.1' : listening.address;
    try {
      const carrier = await execRelay(container, { host, port: plan.port }, { dialect, ...(limits && { limits }) });
      const how = `a relay inside of the container, by docker exec, since it listens on ${listening.address}`;
      return { target: `${this.name} port ${plan.port}`, carrier, how };
    } catch (cause) {
      const message = `${this.name} listens on ${listening.address}, which only programs inside it can reach, and no relay can be started inside it: it needs a python3 in the image (${engineMessage(cause)})`;
      throw dockerError('no-route', message, { listening, container: container.id }, cause);
    }
  }
}

/** Removes a container. @returns true if the container no longer exists */
export async function remove(container: Docker.Container): Promise<boolean> {
  const until = performance.now() + ANSWER_MS;
  do {
    try {
      await within(ANSWER_MS, container.remove({ force: true, v: true }));
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return true;
      if (statusOf(error) !== 409) return false;
    }
    // Status 409: another program is removing the container.
    await sleep(20);
  } while (performance.now() < until);
  return false;
}

/** Returns `pid` if this machine's process of that number is in the container: the name of its control group has the container's id. */
function ownPid(pid: number, id: string): number | undefined {
  try {
    return pid > 0 && readFileSync(`/proc/${pid}/cgroup`, 'latin1').includes(id) ? pid : undefined;
  } catch {
    return undefined;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended, or belongs to another user.
  }
}
