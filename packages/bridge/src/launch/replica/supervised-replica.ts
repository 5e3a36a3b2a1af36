// One replica from its first start to its end. Its instance (a process or container) is started, watched and restarted after a fault. When
// restarts do not help, the replica is given up. The guards of its models are told when they may send messages to it.
//
//   starting ──ready──▶ up ──fault, or request──▶ restarting ──ready──▶ up
//      └ fails: the launch fails                     └ too often in a row: failed
import type { BridgeError } from '../../errors/bridge-error.ts';
import type { Guard } from '../../guard/guard.ts';
import { atMost } from '../../platform/at-most.ts';
import type { ErrorContext, ModelFault } from '../launch-errors.ts';
import { faultOf, faultText, givenUpError, stoppedError } from '../launch-errors.ts';
import type { Instance, Usage } from '../runtime.ts';
import { CrashLoop } from './crash-loop.ts';
import type { Endpoint } from './endpoint.ts';
import { InstanceRun, type InstanceRunOptions, placeName } from './instance-run.ts';
import { startWhenPlaceIsFree } from './place-wait.ts';
import { ReplicaCarrier } from './replica-carrier.ts';
import { ReplicaGuards } from './replica-guards.ts';
import type { LaunchEvent, ReplicaFigures, ReplicaState } from './state.ts';

export interface SupervisedReplicaOptions extends InstanceRunOptions {
  readonly target: string;
  /** The most restarts in a row without an answer. After these the replica is given up. */
  readonly maxRestarts: number;
  readonly onEvent: (event: LaunchEvent) => void;
}

/** An instance that was up for longer than this is not part of a crash loop, even if it answered nothing. */
const STEADY_MS = 60_000;

export class SupervisedReplica {
  readonly replica: number;
  readonly #options: SupervisedReplicaOptions;
  readonly #carrier: ReplicaCarrier;
  readonly #guards = new ReplicaGuards();
  readonly #end = new AbortController();
  #state: ReplicaState = { phase: 'starting' };
  /** The last instance that was started, even if it has ended. */
  #run: InstanceRun | undefined;
  #upAt = 0;
  /** The number of messages that were answered before the present instance was up. */
  #answeredBefore = 0;
  readonly #crashLoop: CrashLoop;
  /** Set during a restart. Other requests for a restart wait for this one. */
  #restarting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #restarts = 0;
  #outageMs: number | undefined;
  #usage: Usage | undefined;

  constructor(options: SupervisedReplicaOptions) {
    this.#options = options;
    this.replica = options.plan.replica;
    this.#carrier = new ReplicaCarrier(options.target, options.route.dialect);
    this.#crashLoop = new CrashLoop(options.maxRestarts);
  }

  get target(): string {
    return this.#options.target;
  }

  get figures(): ReplicaFigures {
    const { writtenBytes, droppedBytes } = this.#options.log;
    return {
      replica: this.replica,
      state: this.#state,
      answered: this.#carrier.answered,
      restarts: this.#restarts,
      faults: this.#crashLoop.counts,
      outageMs: this.#outageMs,
      usage: this.#usage,
      log: { writtenBytes, droppedBytes },
    };
  }

  /**
   * Starts the replica for the first time.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason` when aborted
   */
  async start(signal: AbortSignal | undefined): Promise<void> {
    const follow = (): void => this.#end.abort(signal?.reason);
    signal?.addEventListener('abort', follow, { once: true });
    if (signal?.aborted) follow();
    const until = performance.now() + this.#options.readyTimeoutMs;
    try {
      // If another program has the place, that is an error at once. If the kernel keeps it for an ended connection, it is free soon.
      await this.#bringUpWhenFree((reason) => reason.detail.reason === 'kept' && performance.now() < until);
    } catch (error) {
      this.#state = { phase: 'stopped' };
      throw error;
    } finally {
      signal?.removeEventListener('abort', follow);
    }
  }

  /** Adds the guard of a model that will call this replica. */
  addGuard(guard: Guard): void {
    this.#guards.add(guard, this.#carrier.replica(), this.#state);
  }

  removeGuard(guard: Guard): void {
    this.#guards.delete(guard);
  }

  /** Called when a guard's message at this replica has had no sign of life for `forMs` milliseconds. Restarts the replica if need be. */
  async reportSilence(guard: Guard, forMs: number): Promise<void> {
    const run = this.#run;
    const fault = await run?.nameSilence(forMs);
    // Meanwhile the instance may have shown a sign of life, or have ended.
    if (!run || !fault || !this.#guards.isWedged(guard)) return;
    this.#onFault(fault, run);
  }

  /**
   * Restarts the replica: waits up to `drainMs` for its messages, ends its instance, and starts another. Calls wait meanwhile.
   * @throws BridgeError BRIDGE_LAUNCH if it does not become ready again, BRIDGE_CLOSED if it is stopped
   */
  async restart(drainMs: number): Promise<void> {
    if (this.#stopping) throw stoppedError(this.#options.model);
    this.#restarting ??= this.#restart(undefined, drainMs).finally(() => {
      this.#restarting = undefined;
    });
    await this.#restarting;
    if (this.#end.signal.aborted) throw stoppedError(this.#options.model);
    if (this.#state.phase === 'failed') throw this.#state.error;
  }

  /**
   * Ends the replica for good. Its calls are rejected with `error`; if `error` is undefined, other replicas answer them. If the replica is
   * already being ended without an error, this call shortens the wait for its messages to its own `drainMs`.
   */
  stop(graceMs: number, drainMs: number, error: unknown): Promise<void> {
    if (this.#stopping && error !== undefined) void atMost(this.#stopping, drainMs).then(() => this.#cut(error));
    this.#stopping ??= this.#stop(graceMs, drainMs, error);
    return this.#stopping;
  }

  #bringUpWhenFree(waits: (reason: BridgeError<'BRIDGE_LAUNCH'>) => boolean): Promise<void> {
    const { log, onEvent } = this.#options;
    const onWaiting = (reason: string): void => {
      log.note(`the start of the model waits: ${reason}`);
      onEvent({ type: 'waiting', replica: this.replica, reason });
    };
    return startWhenPlaceIsFree({ start: () => this.#bringUp(), waits, onWaiting, signal: this.#end.signal });
  }

  async #bringUp(): Promise<void> {
    const { onEvent } = this.#options;
    const { replica } = this;
    const run: InstanceRun = new InstanceRun(this.#options, {
      inProgress: () => this.#carrier.inProgress,
      answered: () => this.#carrier.answered,
      onUsage: (usage) => {
        this.#usage = usage;
      },
      onFault: (fault) => this.#onFault(fault, run),
      onFlood: (bytesPerSecond) => onEvent({ type: 'log flood', replica, bytesPerSecond }),
    });
    const before = this.#run;
    this.#run = run;
    const { readyMs, ...ready } = await run.start(this.#end.signal).finally(() => {
      if (!run.started) this.#run = before;
    });
    const { instance, endpoint } = ready;
    this.#carrier.attach(ready);
    this.#answeredBefore = this.#carrier.answered;
    this.#upAt = performance.now();
    run.watch();
    this.#setUp(instance, endpoint, readyMs);
    onEvent({ type: 'ready', replica, by: endpoint.by, readyMs });
    this.#guards.admit();
  }

  #setUp({ name, pid }: Instance, endpoint: Endpoint, readyMs: number): void {
    this.#state = {
      phase: 'up',
      instance: name,
      pid,
      // A getter, because the model may decline its lane while it is up.
      get by() {
        return endpoint.by;
      },
      readyMs,
    };
  }

  /** Restarts the replica because of a fault of its present instance. */
  #onFault(fault: ModelFault, run: InstanceRun): void {
    if (this.#run !== run || this.#stopping || this.#state.phase !== 'up') return;
    // The restart that started this instance is still in progress. The fault is handled after it.
    if (this.#restarting) return void this.#restarting.then(() => this.#onFault(fault, run));
    this.#restarting = this.#restart(fault, 0).finally(() => {
      this.#restarting = undefined;
    });
  }

  /** @param reason the fault; undefined if the user asked for the restart */
  async #restart(reason: ModelFault | undefined, drainMs: number): Promise<void> {
    const { onEvent, maxRestarts, graceMs } = this.#options;
    const begunAt = performance.now();
    this.#state = { phase: 'restarting', fault: reason };
    const idle = this.#guards.hold();
    if (!reason) await atMost(idle, drainMs, this.#end.signal);
    const served = this.#carrier.answered > this.#answeredBefore || performance.now() - this.#upAt > STEADY_MS;
    if (served || !reason) this.#crashLoop.reset();
    let fault = reason;
    let cause: unknown;
    for (;;) {
      const context = this.#errorContext();
      const againMs = fault ? this.#recordFault(fault, context) : 0;
      await this.#takeDown(fault ? 0 : graceMs);
      if (fault && againMs === undefined) return this.#giveUp(givenUpError(fault, maxRestarts, context, cause));
      if (againMs) await atMost(new Promise(() => {}), againMs, this.#end.signal);
      if (this.#end.signal.aborted) return;
      try {
        await this.#bringUpWhenFree(() => true);
        this.#restarts++;
        this.#outageMs = performance.now() - begunAt;
        onEvent({ type: 'restarted', replica: this.replica, outageMs: this.#outageMs });
        return;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        cause = error;
        fault = faultOf(error);
        this.#state = { phase: 'restarting', fault };
      }
    }
  }

  /** Counts and reports a fault. Returns the milliseconds to wait before the restart; undefined if the replica is given up. */
  #recordFault(fault: ModelFault, { instance, lastWords }: ErrorContext): number | undefined {
    const againMs = this.#crashLoop.record(fault);
    const next = againMs === undefined ? 'it is given up' : `it restarts in ${Math.round(againMs)} ms`;
    this.#options.log.note(`${instance} ${faultText(fault)}; ${next}`);
    this.#options.onEvent({ type: 'fault', replica: this.replica, fault, lastWords, againMs });
    return againMs;
  }

  #giveUp(error: BridgeError): void {
    this.#state = { phase: 'failed', error };
    this.#options.onEvent({ type: 'failed', replica: this.replica, error });
    void this.#guards.quit(error);
  }

  async #stop(graceMs: number, drainMs: number, error: unknown): Promise<void> {
    const idle = this.#guards.quit(error);
    if (this.#state.phase === 'up') await atMost(idle, drainMs, this.#end.signal);
    this.#cut(error);
    await this.#restarting;
    await this.#takeDown(graceMs);
    this.#state = { phase: 'stopped' };
  }

  /** Stops waiting for messages in progress, and for a start. */
  #cut(error: unknown): void {
    if (error !== undefined) this.#carrier.end(stoppedError(this.#options.model, true));
    this.#end.abort(stoppedError(this.#options.model));
  }

  async #takeDown(graceMs: number): Promise<void> {
    await this.#run?.takeDown(graceMs, () => this.#carrier.detach());
  }

  #errorContext(): ErrorContext {
    const { model, plan } = this.#options;
    return this.#run?.errorContext ?? { model, instance: 'not started', place: placeName(plan), lastWords: [] };
  }
}
