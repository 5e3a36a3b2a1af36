// One instance (a process or container) of a replica, from its start to its end: its lane's folder, the wait until it is ready, the watch
// over it, its last lines of output. It reports faults; supervised-replica.ts decides what to do about them.
import type { Message } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import { atMost } from '../../platform/at-most.ts';
import { after } from '../../platform/deadline.ts';
import type { ErrorContext, ModelFault } from '../launch-errors.ts';
import { makeLaneFolder } from '../leftovers/folder.ts';
import { removeFolder } from '../leftovers/removal.ts';
import type { ReplicaLog } from '../log/log.ts';
import type { Instance, LanePlan, Plan, RouteOptions, Runtime } from '../runtime.ts';
import type { Endpoint } from './endpoint.ts';
import { FaultWatch, type FaultWatchOptions } from './fault-watch.ts';
import { becomeReady } from './ready.ts';
import type { ReadyInstance } from './replica-carrier.ts';

export interface InstanceRunOptions {
  readonly runtime: Runtime;
  /** The plan without its lane, because the lane gets a new folder at each start. */
  readonly plan: Omit<Plan, 'lane'>;
  readonly lane: { readonly folder: string; readonly lean: boolean } | undefined;
  readonly log: ReplicaLog;
  readonly route: RouteOptions;
  /** The model's name for messages. */
  readonly model: string;
  readonly warmUp: Message | undefined;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  readonly spinMs: number;
}

/** The facts about its messages that an instance asks for, and the callbacks for its reports. */
export type InstanceCallbacks = Pick<FaultWatchOptions, 'inProgress' | 'answered' | 'onUsage' | 'onFault' | 'onFlood'>;

/** The number of lines that are kept as a model's last words. */
const LAST_LINES = 20;
const CLOSE_MS = 1000;
/** The shortest time that a model has to end after it has announced its end, because large libraries take their time. */
const LEAVING_MS = 2000;

export class InstanceRun {
  readonly #options: InstanceRunOptions;
  readonly #callbacks: InstanceCallbacks;
  /** The position in the log at which this instance's own lines begin. */
  readonly #since: number;
  #instance: Instance | undefined;
  #lane: LanePlan | undefined;
  #endpoint: Endpoint | undefined;
  #watch: FaultWatch | undefined;

  constructor(options: InstanceRunOptions, callbacks: InstanceCallbacks) {
    this.#options = options;
    this.#callbacks = callbacks;
    this.#since = options.log.position;
  }

  /** True once an instance was started, even if it has ended. */
  get started(): boolean {
    return this.#instance !== undefined;
  }

  get errorContext(): ErrorContext {
    const { log, model } = this.#options;
    const last = log.tail(LAST_LINES, { since: this.#since, model: true });
    return {
      model,
      instance: this.#instance?.name ?? 'not started',
      place: placeName(this.#options.plan),
      lastWords: last.map(({ text }) => text),
    };
  }

  /**
   * Starts the instance. Resolves when it is ready. If it does not become ready, it is ended.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason` when aborted
   */
  async start(signal: AbortSignal): Promise<ReadyInstance & { readonly readyMs: number }> {
    const { runtime, plan, log, route, readyTimeoutMs, warmUp } = this.#options;
    const startedAt = performance.now();
    const lane = this.#makeLane();
    this.#lane = lane;
    let instance: Instance;
    try {
      instance = await runtime.start({ ...plan, lane }, log, signal);
    } catch (error) {
      await this.#clearUp();
      throw error;
    }
    this.#instance = instance;
    const errorContext = (): ErrorContext => this.errorContext;
    const onDied = (): void => this.#leaving(instance);
    // A model that is called at its port learns from its closed connection that nobody reads its reply. Through a lane it does not learn
    // that, and other callers would have to wait until it has sent the whole reply. So it is restarted.
    const onSlowReply = (replyBytes: number): void => this.#callbacks.onFault({ kind: 'drip', replyBytes });
    const ready = { ...route, lane, log, onDied, onSlowReply, readyTimeoutMs, warmUp, errorContext };
    try {
      const endpoint = await becomeReady(instance, ready, signal);
      this.#endpoint = endpoint;
      const readyMs = performance.now() - startedAt;
      log.note(`${instance.name} is ready, ${Math.round(readyMs)} ms after its start`);
      return { instance, endpoint, errorContext, readyMs };
    } catch (error) {
      await instance.stop({ graceMs: 0 });
      await this.#clearUp();
      throw error;
    }
  }

  /** Starts to watch the instance and to report its faults. */
  watch(): void {
    const { log, spinMs } = this.#options;
    const instance = this.#instance;
    if (!instance) return;
    const { onFault, onFlood, ...more } = this.#callbacks;
    this.#watch = new FaultWatch({
      ...more,
      instance,
      spinMs,
      writtenBytes: () => log.writtenBytes,
      onFault,
      onFlood: (bytesPerSecond) => {
        const mebibytes = Math.round(bytesPerSecond / 2 ** 20);
        log.note(`the model writes ${mebibytes} MiB of output a second: only the newest of it is kept (\`logBytes\`)`);
        onFlood(bytesPerSecond);
      },
    });
    void instance.ended.then((ending) => onFault({ kind: 'died', ending }));
  }

  /**
   * Resolves with the fault of a model that has had a message for `forMs` without a sign of life; with undefined if the watch has not
   * been started.
   */
  async nameSilence(forMs: number): Promise<ModelFault | undefined> {
    return await this.#watch?.nameSilence(forMs);
  }

  /** Ends the instance and then all connections to it. Calls `detach` when the instance has ended. */
  async takeDown(graceMs: number, detach: () => void): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    try {
      await this.#instance?.stop({ graceMs });
    } catch (error) {
      // The instance is ended by the next launch.
      this.#options.log.note(`${this.#instance?.name} cannot be ended: ${(error as Error).message}`);
    }
    detach();
    // The connections have ended with the instance, unless a network between them ended first.
    if (this.#endpoint) await atMost(this.#endpoint.close(), CLOSE_MS);
    this.#endpoint = undefined;
    await this.#clearUp();
  }

  /** Removes the lane's folder. */
  async #clearUp(): Promise<void> {
    const lane = this.#lane;
    this.#lane = undefined;
    const problem = lane && (await removeFolder(lane.folder));
    if (problem !== undefined)
      this.#options.log.note(`the folder of the model's lane cannot be removed: ${quoted(problem)}`);
  }

  #makeLane(): LanePlan | undefined {
    const { lane, plan, log } = this.#options;
    if (lane && plan.path !== undefined) {
      log.note('no lane: a lane replaces a TCP port, and this model listens on a Unix socket');
      return undefined;
    }
    const made = lane && makeLaneFolder(lane.folder, plan.replica, lane.lean);
    if (typeof made !== 'string') return made;
    log.note(`no lane: ${made}`);
    return undefined;
  }

  /**
   * Sets a time limit for the end of a model that has announced its end. If the model hangs then (at its exit, or in another thread),
   * that would be noticed late or never.
   */
  #leaving(instance: Instance): void {
    const withinMs = Math.max(LEAVING_MS, this.#options.graceMs);
    const inTime = after(withinMs, () => this.#callbacks.onFault({ kind: 'not ended', withinMs }));
    void instance.ended.then(inTime);
  }
}

/** Returns the place where a model should listen, for messages. */
export function placeName({ port, path }: Pick<Plan, 'port' | 'path'>): string {
  return path === undefined ? `port ${port}` : `the Unix socket ${quoted(path)}`;
}
