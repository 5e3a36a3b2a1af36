// One replica from its first start to its last end: starts it, watches it, starts it anew when something is wrong with it, and
// gives it up when that does not help. Tells the guards of its models what may be given to it.
//
//   starting ──ready──▶ up ──fault, or a wish──▶ restarting ──ready──▶ up
//      └ fails: the launch fails                     └ too often in a row: failed
import type { Message } from '@bridge/transport';
import { after } from '../deadline.ts';
import type { BridgeError } from '../errors.ts';
import type { Guard } from '../guard/guard.ts';
import { Callers } from './callers.ts';
import type { About, ModelFault } from './errors.ts';
import { faultOf, faultText, givenUpError, stoppedError } from './errors.ts';
import { makeLaneFolder } from './folder.ts';
import type { Line } from './line.ts';
import { Link } from './link.ts';
import type { ReplicaLog } from './log.ts';
import { atMost, pauseAfter } from './pause.ts';
import { becomeReady } from './ready.ts';
import type { Instance, Plan, RouteOptions, Runtime, Usage } from './runtime.ts';
import type { LaunchEvent, ReplicaFigures, ReplicaState } from './state.ts';
import { Vigil } from './vigil.ts';

export interface SupervisedOptions {
  readonly runtime: Runtime;
  /** But for its lane, which has a new folder for each start. */
  readonly plan: Omit<Plan, 'lane'>;
  readonly lane: { readonly folder: string; readonly lean: boolean } | undefined;
  readonly log: ReplicaLog;
  readonly route: RouteOptions;
  /** Its name for messages. */
  readonly model: string;
  readonly target: string;
  readonly warmUp: Message | undefined;
  readonly readyTimeoutMs: number;
  readonly graceMs: number;
  /** Starts in a row without an answer, after which it is given up. */
  readonly maxRestarts: number;
  readonly spinMs: number;
  readonly onEvent: (event: LaunchEvent) => void;
}

/** What a model's last words are. */
const LAST_LINES = 20;
/** One that was up for so long is no crash loop, even if nobody called it. */
const STEADY_MS = 60_000;
const CLOSE_MS = 1000;
/** A model that has said that it ends has its grace for that, and so long in any case: large libraries take their time. */
const LEAVING_MS = 2000;

export class Supervised {
  readonly replica: number;
  readonly #options: SupervisedOptions;
  readonly #link: Link;
  readonly #callers = new Callers();
  readonly #end = new AbortController();
  #state: ReplicaState = { phase: 'starting' };
  #instance: Instance | undefined;
  /** Of the last instance, also when it is gone. */
  #about: (() => About) | undefined;
  #line: Line | undefined;
  #vigil: Vigil | undefined;
  #upAt = 0;
  /** Messages answered before the instance that is there now. */
  #answeredBefore = 0;
  /** Faults in a row. */
  #inRow = 0;
  /** While it is being started anew: for whoever wants that, too. */
  #restarting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #restarts = 0;
  readonly #faults: Partial<Record<ModelFault['kind'], number>> = {};
  #serviceMs: number | undefined;
  #usage: Usage | undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.replica = options.plan.replica;
    this.#link = new Link(options.target);
  }

  get target(): string {
    return this.#options.target;
  }

  get figures(): ReplicaFigures {
    const { writtenBytes, droppedBytes } = this.#options.log;
    return {
      replica: this.replica,
      state: this.#state,
      answered: this.#link.answered,
      restarts: this.#restarts,
      faults: { ...this.#faults },
      serviceMs: this.#serviceMs,
      usage: this.#usage,
      log: { writtenBytes, droppedBytes },
    };
  }

  /**
   * Its first start.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason`
   */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const follow = (): void => this.#end.abort(signal?.reason);
    signal?.addEventListener('abort', follow, { once: true });
    if (signal?.aborted) follow();
    try {
      await this.#bringUp();
    } catch (error) {
      this.#state = { phase: 'stopped' };
      throw error;
    } finally {
      signal?.removeEventListener('abort', follow);
    }
  }

  /** A model wants to call it. */
  enlist(guard: Guard): void {
    this.#callers.enlist(guard, this.#link.replica(), this.#state);
  }

  delist(guard: Guard): void {
    this.#callers.delist(guard);
  }

  /** A guard says that it has had a message for so long and gives no sign. */
  async silent(guard: Guard, forMs: number): Promise<void> {
    const { instance } = this.#link.attached ?? {};
    const fault = await this.#vigil?.nameSilence(forMs);
    // It may have given a sign since, or be gone.
    if (!instance || !fault || !this.#callers.isWedged(guard)) return;
    this.#found(fault, instance);
  }

  /**
   * Starts it anew: lets what it has be answered, for no longer than `drainMs`, ends it and starts it. Calls wait meanwhile.
   * @throws BridgeError BRIDGE_LAUNCH when it does not come back, BRIDGE_CLOSED when it was stopped
   */
  async restart(drainMs: number): Promise<void> {
    if (this.#stopping) throw stoppedError(this.#options.model);
    this.#restarting ??= this.#startAnew(undefined, drainMs).finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
    if (this.#end.signal.aborted) throw stoppedError(this.#options.model);
    if (this.#state.phase === 'failed') throw this.#state.error;
  }

  /**
   * Ends it for good. `error` is what callers are told; without one others answer them. One that is on its way out for less
   * reason has no more time than this for what it has.
   */
  stop(graceMs: number, drainMs: number, error: unknown): Promise<void> {
    if (this.#stopping && error !== undefined) void atMost(this.#stopping, drainMs).then(() => this.#cut(error));
    this.#stopping ??= this.#stop(graceMs, drainMs, error);
    return this.#stopping;
  }

  async #bringUp(): Promise<void> {
    const { runtime, plan, lane, log, route, onEvent } = this.#options;
    const startedAt = performance.now();
    const made = lane && makeLaneFolder(lane.folder, this.replica, lane.lean);
    const laneFolder = typeof made === 'string' ? undefined : made;
    const since = log.position;
    if (typeof made === 'string') log.note(`no lane: ${made}`);
    const instance = await runtime.start({ ...plan, lane: laneFolder }, log, this.#end.signal);
    this.#instance = instance;
    const about = (): About => ({
      model: this.#options.model,
      instance: instance.name,
      lastWords: log.tail(LAST_LINES, { since, model: true }).map(({ text }) => text),
    });
    this.#about = about;
    const { readyTimeoutMs, warmUp } = this.#options;
    const onDied = (): void => this.#leaving(instance);
    const ready = { ...route, port: plan.port, lane: laneFolder, log, onDied, readyTimeoutMs, warmUp, about };
    try {
      this.#line = await becomeReady(instance, ready, this.#end.signal);
    } catch (error) {
      await instance.stop({ graceMs: 0 });
      throw error;
    }
    const readyMs = performance.now() - startedAt;
    const { by } = this.#line;
    log.note(`${instance.name} is ready, ${Math.round(readyMs)} ms after its start`);
    this.#link.attach({ instance, line: this.#line, about });
    this.#answeredBefore = this.#link.answered;
    this.#upAt = performance.now();
    this.#watch(instance);
    this.#setUp(instance, this.#line, readyMs);
    onEvent({ type: 'ready', replica: this.replica, by, readyMs });
    this.#callers.admit();
  }

  /** How it is called may change while it is up. */
  #setUp({ name, pid }: Instance, line: Line, readyMs: number): void {
    this.#state = {
      phase: 'up',
      instance: name,
      pid,
      get by() {
        return line.by;
      },
      readyMs,
    };
  }

  #watch(instance: Instance): void {
    const { log, spinMs, onEvent } = this.#options;
    this.#vigil = new Vigil({
      instance,
      spinMs,
      underWay: () => this.#link.underWay,
      answered: () => this.#link.answered,
      writtenBytes: () => log.writtenBytes,
      onUsage: (usage) => {
        this.#usage = usage;
      },
      onFault: (fault) => this.#found(fault, instance),
      onFlood: (bytesPerSecond) => {
        log.note(`it writes ${Math.round(bytesPerSecond / 2 ** 20)} MiB a second: only the last moment of it is kept`);
        onEvent({ type: 'log flood', replica: this.replica, bytesPerSecond });
      },
    });
    void instance.ended.then((ending) => this.#found({ kind: 'died', ending }, instance));
  }

  /** It has said that it ends. What hangs then (at its exit, in another thread) would be seen late, or never. */
  #leaving(instance: Instance): void {
    const withinMs = Math.max(LEAVING_MS, this.#options.graceMs);
    const inTime = after(withinMs, () => this.#found({ kind: 'not ended', withinMs }, instance));
    void instance.ended.then(inTime);
  }

  /** Something is wrong with the instance that is up. */
  #found(fault: ModelFault, instance: Instance): void {
    if (this.#instance !== instance || this.#stopping || this.#state.phase !== 'up') return;
    // It is up, and whoever started it anew is about to hear of it.
    if (this.#restarting) return void this.#restarting.then(() => this.#found(fault, instance));
    this.#restarting = this.#startAnew(fault, 0).finally(() => {
      this.#restarting = undefined;
    });
  }

  async #startAnew(wrong: ModelFault | undefined, drainMs: number): Promise<void> {
    const { log, onEvent, maxRestarts, graceMs } = this.#options;
    const at = performance.now();
    this.#state = { phase: 'restarting', fault: wrong };
    const idle = this.#callers.hold();
    if (!wrong) await atMost(idle, drainMs, this.#end.signal);
    const served = this.#link.answered > this.#answeredBefore || performance.now() - this.#upAt > STEADY_MS;
    if (served || !wrong) this.#inRow = 0;
    let fault = wrong;
    let cause: unknown;
    for (;;) {
      const pauseMs = fault && pauseAfter(this.#inRow);
      const last = fault && this.#inRow >= maxRestarts;
      const words = this.#words();
      if (fault) {
        this.#inRow++;
        this.#faults[fault.kind] = (this.#faults[fault.kind] ?? 0) + 1;
        log.note(
          `${words.instance} ${faultText(fault)}; ${last ? 'it is given up' : `started anew in ${Math.round(pauseMs ?? 0)} ms`}`,
        );
        onEvent({
          type: 'fault',
          replica: this.replica,
          fault,
          lastWords: words.lastWords,
          againMs: last ? undefined : pauseMs,
        });
      }
      await this.#takeDown(fault ? 0 : graceMs);
      if (fault && last) return this.#giveUp(givenUpError(fault, maxRestarts, words, cause));
      if (pauseMs) await atMost(new Promise(() => {}), pauseMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
      try {
        await this.#bringUp();
        this.#restarts++;
        this.#serviceMs = performance.now() - at;
        onEvent({ type: 'restarted', replica: this.replica, serviceMs: this.#serviceMs });
        return;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        cause = error;
        fault = faultOf(error);
        this.#state = { phase: 'restarting', fault };
      }
    }
  }

  #giveUp(error: BridgeError): void {
    this.#state = { phase: 'failed', error };
    this.#options.onEvent({ type: 'failed', replica: this.replica, error });
    void this.#callers.quit(error);
  }

  async #stop(graceMs: number, drainMs: number, error: unknown): Promise<void> {
    const idle = this.#callers.quit(error);
    if (this.#state.phase === 'up') await atMost(idle, drainMs, this.#end.signal);
    this.#cut(error);
    await this.#restarting;
    await this.#takeDown(graceMs);
    this.#state = { phase: 'stopped' };
  }

  /** What it has is not waited for any more. */
  #cut(error: unknown): void {
    if (error !== undefined) this.#link.end(stoppedError(this.#options.model, true));
    this.#end.abort(stoppedError(this.#options.model));
  }

  async #takeDown(graceMs: number): Promise<void> {
    this.#vigil?.[Symbol.dispose]();
    try {
      await this.#instance?.stop({ graceMs });
    } catch (error) {
      // Nothing more can be done about it here; the next launch sweeps.
      this.#options.log.note(`${this.#instance?.name} cannot be ended: ${(error as Error).message}`);
    }
    this.#link.detach();
    // Its connections have ended with it, but for those of a network that has ended first.
    if (this.#line) await atMost(this.#line.close(), CLOSE_MS);
    this.#line = undefined;
    this.#instance = undefined;
  }

  #words(): About {
    const { model } = this.#options;
    return this.#about?.() ?? { model, instance: 'not started', lastWords: [] };
  }
}
