// The replicas of a launch, and the guards of the models that call them (a guard decides what may be sent to a replica, and when). Each
// guard is told of each replica. running-launch.ts decides when replicas are started and ended.
import type { Guard } from '../guard/guard.ts';
import type { MergedLog } from './log/launched-log.ts';
import type { ReplicaFigures } from './replica/state.ts';
import { SupervisedReplica } from './replica/supervised-replica.ts';
import type { Plan, Program, Runtime } from './runtime.ts';
import type { CheckedSpec } from './spec/check-spec.ts';

export interface ReplicaSetOptions {
  /** The launch's name. */
  readonly launch: string;
  /** The launch's folder, for its lanes. */
  readonly folder: string;
  readonly spec: CheckedSpec;
  readonly runtime: Runtime;
  /** The program as the runtime prepared it. */
  readonly program: Program;
  readonly logs: MergedLog;
}

/** The limit for the messages in progress of a replica that is being removed. */
const DRAIN_MS = 30_000;

export class ReplicaSet {
  readonly #options: ReplicaSetOptions;
  readonly #replicas: SupervisedReplica[] = [];
  /** Replicas that are being removed, and still have messages to answer. */
  #leaving: SupervisedReplica[] = [];
  readonly #guards = new Set<Guard>();

  constructor(options: ReplicaSetOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#replicas.length;
  }

  get figures(): readonly ReplicaFigures[] {
    return this.#replicas.map(({ figures }) => figures);
  }

  addGuard(guard: Guard): void {
    this.#guards.add(guard);
    for (const replica of this.#replicas) replica.addGuard(guard);
  }

  removeGuard(guard: Guard): void {
    this.#guards.delete(guard);
    for (const replica of this.#replicas) replica.removeGuard(guard);
  }

  /** Tells the replica at `target` that a guard's message there has had no sign of life for `forMs` milliseconds. */
  reportSilence(target: string, guard: Guard, forMs: number): void {
    void this.#replicas.find((each) => each.target === target)?.reportSilence(guard, forMs);
  }

  /**
   * Starts replicas until there are `count`. If one does not start, none of the new ones is kept.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason` when aborted
   */
  async grow(count: number, signal: AbortSignal | undefined): Promise<void> {
    const { launch, spec, program } = this.#options;
    const plans = spec.plans(launch, count, program).slice(this.#replicas.length);
    const joining = plans.map((plan) => this.#make(plan));
    this.#replicas.push(...joining);
    for (const replica of joining) for (const guard of this.#guards) replica.addGuard(guard);
    try {
      await startAll(joining, signal);
    } catch (error) {
      for (const replica of joining) this.#replicas.splice(this.#replicas.indexOf(replica), 1);
      await Promise.all(joining.map((replica) => replica.stop(spec.graceMs, 0, undefined)));
      throw error;
    }
  }

  /** Ends replicas, those with the highest numbers first, until there are `count`. Their messages are answered first. */
  async shrink(count: number): Promise<void> {
    const { graceMs } = this.#options.spec;
    this.#leaving = this.#replicas.splice(count);
    await Promise.all(this.#leaving.map((replica) => replica.stop(graceMs, DRAIN_MS, undefined)));
    this.#leaving = [];
  }

  /**
   * Restarts the replicas one after the other.
   * @throws BridgeError BRIDGE_LAUNCH, BRIDGE_CLOSED
   */
  async restart(drainMs: number): Promise<void> {
    for (const replica of this.#replicas) await replica.restart(drainMs);
  }

  /** Ends all replicas. Calls are rejected with `error`, those in progress after `drainMs` milliseconds. */
  async stop(drainMs: number, error: Error): Promise<void> {
    const { graceMs } = this.#options.spec;
    const all = [...this.#replicas, ...this.#leaving];
    await Promise.all(all.map((replica) => replica.stop(graceMs, drainMs, error)));
  }

  #make(plan: Omit<Plan, 'lane'>): SupervisedReplica {
    const { folder, spec, runtime, logs } = this.#options;
    const { name, dialect, limits, shared, lane } = spec;
    const log = logs.forReplica(plan.replica);
    // A lane gives the model each message as a connection of its own, which is not what a model with a persistent connection expects.
    const isKept = dialect.connection === 'persistent';
    if (lane && isKept) {
      log.note(
        "no lane: messages go to the model's port, because this dialect keeps one connection for all messages, and a lane shows the model a new connection for each message",
      );
    }
    // A lane cannot carry greetings or acknowledgements.
    const laned = lane && !isKept && !dialect.opening && !dialect.exchange ? { folder, lean: lane.lean } : undefined;
    const route = { dialect, limits, shared };
    const target = `${name}/${plan.replica}`;
    return new SupervisedReplica({ ...spec, runtime, plan, lane: laned, log, route, model: name, target });
  }
}

/** Starts all of these replicas. If one fails, the other starts are aborted. @throws the first error */
async function startAll(replicas: readonly SupervisedReplica[], signal: AbortSignal | undefined): Promise<void> {
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const starts = replicas.map(async (replica) => {
    try {
      await replica.start(either);
    } catch (error) {
      // The first error is the reason. The errors of the aborted starts follow from it.
      failed.abort(error);
    }
  });
  await Promise.all(starts);
  failed.signal.throwIfAborted();
}
