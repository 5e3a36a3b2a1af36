// One replica from its first start to its end. Its instance (a process or container) is started, watched and restarted after a fault. When
// restarts do not help, the replica is given up. The guards of its models are told when they may send messages to it. replica-report.ts
// tells users of it.
//
//   starting ──ready──▶ up ──fault, or request──▶ restarting ──ready──▶ up
//      └ fails: the launch fails                     └ too often in a row: failed
import type { BridgeError } from '../../errors/bridge-error.ts';
import type { Guard } from '../../guard/guard.ts';
import { atMost } from '../../platform/at-most.ts';
import type { ErrorContext, ModelFault } from '../launch-errors.ts';
import { faultOf, givenUpError, stoppedError } from '../launch-errors.ts';
import { CrashLoop } from './crash-loop.ts';
import { InstanceRun, type InstanceRunOptions, placeName } from './instance-run.ts';
import { ReplicaCarrier } from './replica-carrier.ts';
import { ReplicaGuards } from './replica-guards.ts';
import { ReplicaReport } from './replica-report.ts';
import { startWhenAddressIsFree } from './start-when-address-is-free.ts';
import type { LaunchEvent, ReplicaFigures } from './state.ts';

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
  readonly #report: ReplicaReport;
  /** The last instance that was started, even if it has ended. */
  #run: InstanceRun | undefined;
  #upAt = 0;
  /** The number of messages that were answered before the present instance was up. */
  #answeredBefore = 0;
  readonly #crashLoop: CrashLoop;
  /** Set during a restart. Other requests for a restart wait for this one. */
  #restarting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisedReplicaOptions) {
    this.#options = options;
    this.replica = options.plan.replica;
    this.#report = new ReplicaReport({ replica: this.replica, log: options.log, onEvent: options.onEvent });
    this.#carrier = new ReplicaCarrier(options.target, options.route.dialect);
    this.#crashLoop = new CrashLoop(options.maxRestarts);
  }

  get target(): string {
    return this.#options.target;
  }

  get figures(): ReplicaFigures {
    return this.#report.figures({ answered: this.#carrier.answered, faults: this.#crashLoop.counts });
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
      this.#report.stopped();
      throw error;
    } finally {
      signal?.removeEventListener('abort', follow);
    }
  }

  /** Adds the guard of a model that will call this replica. */
  addGuard(guard: Guard): void {
    this.#guards.add(guard, this.#carrier.replica(), this.#report.state);
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
    const { state } = this.#report;
    if (state.phase === 'failed') throw state.error;
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
    const onWaiting = (reason: string): void => this.#report.waiting(reason);
    return startWhenAddressIsFree({ start: () => this.#bringUp(), waits, onWaiting, signal: this.#end.signal });
  }

  async #bringUp(): Promise<void> {
    const report = this.#report;
    const run: InstanceRun = new InstanceRun(this.#options, {
      inProgress: () => this.#carrier.inProgress,
      answered: () => this.#carrier.answered,
      onUsage: (usage) => report.used(usage),
      onFault: (fault) => this.#onFault(fault, run),
      onFlood: (bytesPerSecond) => report.flood(bytesPerSecond),
    });
    const before = this.#run;
    this.#run = run;
    const { readyMs, ...ready } = await run.start(this.#end.signal).finally(() => {
      if (!run.started) this.#run = before;
    });
    this.#carrier.attach(ready);
    this.#answeredBefore = this.#carrier.answered;
    this.#upAt = performance.now();
    run.watch();
    report.up(ready, readyMs);
    this.#guards.admit();
  }

  /** Restarts the replica because of a fault of its present instance. */
  #onFault(fault: ModelFault, run: InstanceRun): void {
    if (this.#run !== run || this.#stopping || this.#report.state.phase !== 'up') return;
    // The restart that started this instance is still in progress. The fault is handled after it.
    if (this.#restarting) return void this.#restarting.then(() => this.#onFault(fault, run));
    this.#restarting = this.#restart(fault, 0).finally(() => {
      this.#restarting = undefined;
    });
  }

  /** @param reason the fault; undefined if the user asked for the restart */
  async #restart(reason: ModelFault | undefined, drainMs: number): Promise<void> {
    const { maxRestarts, graceMs } = this.#options;
    const begunAt = performance.now();
    this.#report.restarting(reason);
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
        this.#report.restarted(performance.now() - begunAt);
        return;
      } catch (error) {
        if (this.#end.signal.aborted) return;
        cause = error;
        fault = faultOf(error);
        this.#report.restarting(fault);
      }
    }
  }

  /** Counts and reports a fault. Returns the milliseconds to wait before the restart; undefined if the replica is given up. */
  #recordFault(fault: ModelFault, context: ErrorContext): number | undefined {
    const againMs = this.#crashLoop.record(fault);
    this.#report.fault(fault, context, againMs);
    return againMs;
  }

  #giveUp(error: BridgeError): void {
    this.#report.failed(error);
    void this.#guards.quit(error);
  }

  async #stop(graceMs: number, drainMs: number, error: unknown): Promise<void> {
    const idle = this.#guards.quit(error);
    if (this.#report.state.phase === 'up') await atMost(idle, drainMs, this.#end.signal);
    this.#cut(error);
    await this.#restarting;
    await this.#takeDown(graceMs);
    this.#report.stopped();
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
