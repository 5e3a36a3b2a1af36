// One instance of a replica from its start to its end: its lane's folder, the wait until it is ready, the watch over it, its
// last words. What is wrong with it is told; what follows from it is supervised.ts's affair.
import type { Message } from '@bridge/transport';
import { quoted } from '../../errors/quoted.ts';
import { atMost } from '../../platform/at-most.ts';
import { after } from '../../platform/deadline.ts';
import type { About, ModelFault } from '../errors.ts';
import { makeLaneFolder } from '../leftovers/folder.ts';
import { removeFolder } from '../leftovers/removal.ts';
import type { ReplicaLog } from '../log/log.ts';
import type { Instance, LanePlan, Plan, RouteOptions, Runtime } from '../runtime.ts';
import type { Line } from './endpoint.ts';
import { becomeReady } from './ready.ts';
import type { Attached } from './replica-carrier.ts';
import { Vigil, type VigilOptions } from './watch.ts';

export interface RunningOptions {
  readonly runtime: Runtime;
  /** But for its lane, which has a new folder for each start. */
  readonly plan: Omit<Plan, 'lane'>;
  readonly lane: { readonly folder: string; readonly lean: boolean } | undefined;
  readonly log: ReplicaLog;
  readonly route: RouteOptions;
  /** Its name for messages. */
  readonly model: string;
  readonly warmUp: Message | undefined;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  readonly spinMs: number;
}

/** What is to be known of its messages, and who is told what of it. */
export type Watch = Pick<VigilOptions, 'underWay' | 'answered' | 'onUsage' | 'onFault' | 'onFlood'>;

/** What a model's last words are. */
const LAST_LINES = 20;
const CLOSE_MS = 1000;
/** A model that has said that it ends has its grace for that, and so long in any case: large libraries take their time. */
const LEAVING_MS = 2000;

export class Running {
  readonly #options: RunningOptions;
  readonly #watch: Watch;
  /** Where in the log its own words begin. */
  readonly #since: number;
  #instance: Instance | undefined;
  #lane: LanePlan | undefined;
  #line: Line | undefined;
  #vigil: Vigil | undefined;

  constructor(options: RunningOptions, watch: Watch) {
    this.#options = options;
    this.#watch = watch;
    this.#since = options.log.position;
  }

  /** Whether there is, or was, an instance: without one there is nothing to be said of it. */
  get started(): boolean {
    return this.#instance !== undefined;
  }

  get about(): About {
    const { log, model } = this.#options;
    const last = log.tail(LAST_LINES, { since: this.#since, model: true });
    return {
      model,
      instance: this.#instance?.name ?? 'not started',
      place: placeOf(this.#options.plan),
      lastWords: last.map(({ text }) => text),
    };
  }

  /**
   * Starts it, and waits until it is ready. One that does not become ready is ended.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason`
   */
  async start(signal: AbortSignal): Promise<Attached & { readonly readyMs: number }> {
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
    const about = (): About => this.about;
    const onDied = (): void => this.#leaving(instance);
    // By its port it would have heard that its connection is gone. Here others would wait until it has dripped its last.
    const onDrip = (replyBytes: number): void => this.#watch.onFault({ kind: 'drip', replyBytes });
    const ready = { ...route, lane, log, onDied, onDrip, readyTimeoutMs, warmUp, about };
    try {
      const line = await becomeReady(instance, ready, signal);
      this.#line = line;
      const readyMs = performance.now() - startedAt;
      log.note(`${instance.name} is ready, ${Math.round(readyMs)} ms after its start`);
      return { instance, line, about, readyMs };
    } catch (error) {
      await instance.stop({ graceMs: 0 });
      await this.#clearUp();
      throw error;
    }
  }

  /** From now on its faults are told. */
  watch(): void {
    const { log, spinMs } = this.#options;
    const instance = this.#instance;
    if (!instance) return;
    const { onFault, onFlood, ...more } = this.#watch;
    this.#vigil = new Vigil({
      ...more,
      instance,
      spinMs,
      writtenBytes: () => log.writtenBytes,
      onFault,
      onFlood: (bytesPerSecond) => {
        log.note(`it writes ${Math.round(bytesPerSecond / 2 ** 20)} MiB a second: only the last moment of it is kept`);
        onFlood(bytesPerSecond);
      },
    });
    void instance.ended.then((ending) => onFault({ kind: 'died', ending }));
  }

  /** It has had a message for `forMs` and gave no sign: why? Undefined where nobody watches it yet. */
  async nameSilence(forMs: number): Promise<ModelFault | undefined> {
    return await this.#vigil?.nameSilence(forMs);
  }

  /** Ends it, and all that leads to it. `detach` is called in between, when it has ended. */
  async takeDown(graceMs: number, detach: () => void): Promise<void> {
    this.#vigil?.[Symbol.dispose]();
    try {
      await this.#instance?.stop({ graceMs });
    } catch (error) {
      // Nothing more can be done about it here; the next launch sweeps.
      this.#options.log.note(`${this.#instance?.name} cannot be ended: ${(error as Error).message}`);
    }
    detach();
    // Its connections have ended with it, but for those of a network that has ended first.
    if (this.#line) await atMost(this.#line.close(), CLOSE_MS);
    this.#line = undefined;
    await this.#clearUp();
  }

  /** Removes what only this instance needed. */
  async #clearUp(): Promise<void> {
    const lane = this.#lane;
    this.#lane = undefined;
    const problem = lane && (await removeFolder(lane.folder));
    if (problem !== undefined) this.#options.log.note(`the folder of its lane cannot be removed: ${quoted(problem)}`);
  }

  #makeLane(): LanePlan | undefined {
    const { lane, plan, log } = this.#options;
    if (lane && plan.path !== undefined) {
      log.note('no lane: it takes the place of a TCP port, and this model listens on a Unix socket');
      return undefined;
    }
    const made = lane && makeLaneFolder(lane.folder, plan.replica, lane.lean);
    if (typeof made !== 'string') return made;
    log.note(`no lane: ${made}`);
    return undefined;
  }

  /** It has said that it ends. What hangs then (at its exit, in another thread) would be seen late, or never. */
  #leaving(instance: Instance): void {
    const withinMs = Math.max(LEAVING_MS, this.#options.graceMs);
    const inTime = after(withinMs, () => this.#watch.onFault({ kind: 'not ended', withinMs }));
    void instance.ended.then(inTime);
  }
}

/** Where it is to listen, for messages. */
export function placeOf({ port, path }: Pick<Plan, 'port' | 'path'>): string {
  return path === undefined ? `port ${port}` : `the Unix socket ${quoted(path)}`;
}
