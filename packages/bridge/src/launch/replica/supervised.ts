// One replica from its first start to its last end: starts it, watches it, starts it anew when something is wrong with it, and
// gives it up when that does not help. Tells the guards of its models what may be given to it.
//
//   starting ──ready──▶ up ──fault, or a wish──▶ restarting ──ready──▶ up
//      └ fails: the launch fails                     └ too often in a row: failed
import type { BridgeError } from '../../errors/bridge-error.ts';
import type { Guard } from '../../guard/guard.ts';
import { atMost } from '../../platform/at-most.ts';
import type { About, ModelFault } from '../errors.ts';
import { faultOf, faultText, givenUpError, placeErrorOf, stoppedError } from '../errors.ts';
import type { Instance, Usage } from '../runtime.ts';
import type { Line } from './endpoint.ts';
import { FaultRow } from './fault-row.ts';
import { Callers } from './guards.ts';
import { Link } from './replica-carrier.ts';
import { placeOf, Running, type RunningOptions } from './running.ts';
import type { LaunchEvent, ReplicaFigures, ReplicaState } from './state.ts';

export interface SupervisedOptions extends RunningOptions {
  readonly target: string;
  /** Starts in a row without an answer, after which it is given up. */
  readonly maxRestarts: number;
  readonly onEvent: (event: LaunchEvent) => void;
}

/** How often it is looked whether its place is free. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;
/** One that was up for so long is no crash loop, even if nobody called it. */
const STEADY_MS = 60_000;

export class Supervised {
  readonly replica: number;
  readonly #options: SupervisedOptions;
  readonly #link: Link;
  readonly #callers = new Callers();
  readonly #end = new AbortController();
  #state: ReplicaState = { phase: 'starting' };
  /** The last one that could be started, also when it is gone. */
  #running: Running | undefined;
  #upAt = 0;
  /** Messages answered before the instance that is there now. */
  #answeredBefore = 0;
  readonly #row: FaultRow;
  /** While it is being started anew: for whoever wants that, too. */
  #restarting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #restarts = 0;
  #serviceMs: number | undefined;
  #usage: Usage | undefined;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.replica = options.plan.replica;
    this.#link = new Link(options.target, options.route.dialect);
    this.#row = new FaultRow(options.maxRestarts);
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
      faults: this.#row.counts,
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
    const until = performance.now() + this.#options.readyTimeoutMs;
    try {
      // Who else has its place is told at once; what the kernel keeps of connections that have ended is soon over.
      await this.#bringUpWhenFree((why) => why.detail.reason === 'kept' && performance.now() < until);
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
    const running = this.#running;
    const fault = await running?.nameSilence(forMs);
    // It may have given a sign since, or be gone.
    if (!running || !fault || !this.#callers.isWedged(guard)) return;
    this.#found(fault, running);
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

  /** Starts it, as often as that fails for a place that is taken or kept and `waits` says that this is waited for. */
  async #bringUpWhenFree(waits: (why: BridgeError<'BRIDGE_LAUNCH'>) => boolean): Promise<void> {
    let told: unknown;
    for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
      try {
        return await this.#bringUp();
      } catch (error) {
        const why = placeErrorOf(error);
        if (!why || !waits(why) || this.#end.signal.aborted) throw error;
        const { reason } = why.detail;
        if (reason !== told) this.#tellWaiting(why.message);
        told = reason;
        await atMost(new Promise(() => {}), waitMs, this.#end.signal);
        if (this.#end.signal.aborted) throw error;
      }
    }
  }

  #tellWaiting(reason: string): void {
    this.#options.log.note(`its start waits: ${reason}`);
    this.#options.onEvent({ type: 'waiting', replica: this.replica, reason });
  }

  async #bringUp(): Promise<void> {
    const { onEvent } = this.#options;
    const { replica } = this;
    const running: Running = new Running(this.#options, {
      underWay: () => this.#link.underWay,
      answered: () => this.#link.answered,
      onUsage: (usage) => {
        this.#usage = usage;
      },
      onFault: (fault) => this.#found(fault, running),
      onFlood: (bytesPerSecond) => onEvent({ type: 'log flood', replica, bytesPerSecond }),
    });
    const before = this.#running;
    this.#running = running;
    const { readyMs, ...attached } = await running.start(this.#end.signal).finally(() => {
      if (!running.started) this.#running = before;
    });
    const { instance, line } = attached;
    this.#link.attach(attached);
    this.#answeredBefore = this.#link.answered;
    this.#upAt = performance.now();
    running.watch();
    this.#setUp(instance, line, readyMs);
    onEvent({ type: 'ready', replica, by: line.by, readyMs });
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

  /** Something is wrong with the instance that is up. */
  #found(fault: ModelFault, running: Running): void {
    if (this.#running !== running || this.#stopping || this.#state.phase !== 'up') return;
    // It is up, and whoever started it anew is about to hear of it.
    if (this.#restarting) return void this.#restarting.then(() => this.#found(fault, running));
    this.#restarting = this.#startAnew(fault, 0).finally(() => {
      this.#restarting = undefined;
    });
  }

  async #startAnew(wrong: ModelFault | undefined, drainMs: number): Promise<void> {
    const { onEvent, maxRestarts, graceMs } = this.#options;
    const at = performance.now();
    this.#state = { phase: 'restarting', fault: wrong };
    const idle = this.#callers.hold();
    if (!wrong) await atMost(idle, drainMs, this.#end.signal);
    const served = this.#link.answered > this.#answeredBefore || performance.now() - this.#upAt > STEADY_MS;
    if (served || !wrong) this.#row.end();
    let fault = wrong;
    let cause: unknown;
    for (;;) {
      const words = this.#words();
      const againMs = fault ? this.#count(fault, words) : 0;
      await this.#takeDown(fault ? 0 : graceMs);
      if (fault && againMs === undefined) return this.#giveUp(givenUpError(fault, maxRestarts, words, cause));
      if (againMs) await atMost(new Promise(() => {}), againMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
      try {
        await this.#bringUpWhenFree(() => true);
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

  /** @returns for how many milliseconds it is left alone; undefined: for ever */
  #count(fault: ModelFault, { instance, lastWords }: About): number | undefined {
    const againMs = this.#row.add(fault);
    const what = againMs === undefined ? 'it is given up' : `started anew in ${Math.round(againMs)} ms`;
    this.#options.log.note(`${instance} ${faultText(fault)}; ${what}`);
    this.#options.onEvent({ type: 'fault', replica: this.replica, fault, lastWords, againMs });
    return againMs;
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
    await this.#running?.takeDown(graceMs, () => this.#link.detach());
  }

  #words(): About {
    const { model, plan } = this.#options;
    return this.#running?.about ?? { model, instance: 'not started', place: placeOf(plan), lastWords: [] };
  }
}
