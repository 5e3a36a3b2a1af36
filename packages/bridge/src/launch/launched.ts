// A launch at work: its replicas, its models, its log. More replicas, fewer, all of them anew, one after the other, while calls
// run; what is asked for is done in the order in which it was asked for.

import { checkCodecs } from '../codecs/check-codec.ts';
import type { KnownNames } from '../codecs/declared.ts';
import { checkMs, type Names, optionsOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';
import { Guard } from '../guard/guard.ts';
import { CALLING, type ConnectOptions, checkCalling, type ModelFor } from '../model/connect.ts';
import { GuardedModel } from '../model/guarded-model.ts';
import { checkGuarding } from '../model/open-guard.ts';
import { publishHealth } from '../observe/channels.ts';
import { assumptionsOf } from '../targets/stream-replica.ts';
import { stoppedError } from './errors.ts';
import { removeFolder } from './leftovers/removal.ts';
import type { ReplicaLog } from './log/log.ts';
import { type LaunchedLog, Logs } from './log/merged-log.ts';
import type { LaunchedStats } from './replica/state.ts';
import { Supervised } from './replica/supervised.ts';
import type { Program, Runtime } from './runtime.ts';
import { checkReplicas, type Launching } from './spec/check-spec.ts';

/** How to call a launched model. What it speaks, and its limits, were said when it was launched. */
export type LaunchedConnectOptions = Omit<ConnectOptions, 'dialect' | 'limits' | 'retryMs' | 'shared'>;

const CONNECT: Names<LaunchedConnectOptions> = {
  ...CALLING,
  codec: true,
  inFlight: true,
  queueLimit: true,
  wedgedMs: true,
};

/** How to start a model anew. */
export interface RestartOptions {
  /** Milliseconds that a message under way is waited for; then it is lost with its instance. Default: 30 s. */
  readonly drainMs?: number;
}

/** How to end a launch. */
export interface StopOptions {
  /** Milliseconds that messages under way are waited for. Default: none. */
  readonly drainMs?: number;
}

const DRAIN: Names<RestartOptions & StopOptions> = { drainMs: true };

/** A model that was started and is ready. Disposing it ends it and leaves nothing behind. */
export interface Launched extends AsyncDisposable {
  /**
   * A model to call, over all replicas. Calls wait while they are started anew: a message that provably never reached a model
   * is sent again, the one that it died on is rejected with its last words (`detail.lastWords`, `detail.traceback`).
   * @throws BridgeError BRIDGE_OPTION, BRIDGE_CLOSED
   */
  connect<const O extends LaunchedConnectOptions = Record<never, never>>(
    options?: O & KnownNames<O, LaunchedConnectOptions>,
  ): ModelFor<O>;
  /** The newest of what was written, and, iterated, all that comes until it is stopped. */
  readonly logs: LaunchedLog;
  readonly stats: LaunchedStats;
  /**
   * Starts all replicas anew, one after the other; no call is lost by it.
   * @throws BridgeError BRIDGE_LAUNCH when one does not come back: the others are left as they are; BRIDGE_CLOSED
   */
  restart(options?: RestartOptions): Promise<void>;
  /**
   * Has so many replicas: starts more, or ends those of the highest numbers when what they have is answered.
   * @throws BridgeError BRIDGE_LAUNCH when one does not become ready, BRIDGE_OPTION, BRIDGE_CLOSED
   */
  scale(replicas: number): Promise<void>;
  /**
   * Ends everything: calls that wait are told BRIDGE_CLOSED, and so are those under way, after `drainMs`. Twice is harmless.
   * @throws BridgeError BRIDGE_OPTION
   */
  stop(options?: StopOptions): Promise<void>;
}

const DRAIN_MS = 30_000;

export interface LaunchedParts {
  readonly launch: string;
  readonly folder: string;
  readonly launching: Launching;
  readonly runtime: Runtime;
  /** Whether the runtime goes with this launch. */
  readonly ownsRuntime: boolean;
  /** As it was prepared. */
  readonly program: Program;
  /** The first replica's, in which the preparation was told. */
  readonly log: ReplicaLog;
}

export class LaunchedModel implements Launched {
  readonly #parts: LaunchedParts;
  readonly #replicas: Supervised[] = [];
  /** Those that are no replicas any more, and still have something to answer. */
  #leaving: Supervised[] = [];
  readonly #logs: Logs;
  readonly #guards = new Set<Guard>();
  /** What was asked for last: the next waits for it. */
  #last: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(parts: LaunchedParts) {
    this.#parts = parts;
    this.#logs = new Logs(parts.log, parts.launching.logBytes);
  }

  /** The first start of all replicas: all or nothing. */
  async start(): Promise<void> {
    const { replicas, signal } = this.#parts.launching;
    await this.#grow(replicas, signal);
  }

  // `never`, which is each model that the interface promises: the compiler cannot follow which one it is.
  connect(given?: LaunchedConnectOptions): never;
  connect(given: LaunchedConnectOptions = {}): unknown {
    const { dialect, name } = this.#parts.launching;
    if (this.#stopping) throw stoppedError(this.#parts.launching.name);
    const options = optionsOf<LaunchedConnectOptions>('options', given, CONNECT);
    const { assumes } = assumptionsOf(name, dialect);
    const guarding = checkGuarding(options, [{ assumes }]);
    const guard = new Guard([], {
      ...guarding,
      supervised: true,
      onHealth: (target, health, error) => {
        publishHealth({ target, health, error });
        const replica = health === 'wedged' && this.#replicas.find((each) => each.target === target);
        if (replica) void replica.silent(guard, guarding.wedgedMs);
      },
    });
    const codec = checkCodecs(options.codec, dialect.codec);
    const calling = checkCalling(options, codec);
    this.#guards.add(guard);
    for (const replica of this.#replicas) replica.enlist(guard);
    const replicas = this.#replicas;
    return new GuardedModel(guard, {
      ...calling,
      codec,
      maxMessageBytes: assumes.maxMessageBytes,
      target: name,
      get window() {
        return guarding.inFlight * replicas.length;
      },
      onClosed: () => this.#forget(guard),
    });
  }

  get logs(): LaunchedLog {
    return this.#logs;
  }

  get stats(): LaunchedStats {
    return { runtime: this.#parts.runtime.name, replicas: this.#replicas.map(({ figures }) => figures) };
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    const { drainMs = DRAIN_MS } = optionsOf<RestartOptions>('options', options, DRAIN);
    checkMs('drainMs', drainMs);
    await this.#next(async () => {
      for (const replica of this.#replicas) await replica.restart(drainMs);
    });
  }

  async scale(replicas: number): Promise<void> {
    checkReplicas(replicas);
    await this.#next(async () => {
      if (replicas > this.#replicas.length) await this.#grow(replicas, undefined);
      const { graceMs } = this.#parts.launching;
      this.#leaving = this.#replicas.splice(replicas);
      await Promise.all(this.#leaving.map((replica) => replica.stop(graceMs, DRAIN_MS, undefined)));
      this.#leaving = [];
    });
  }

  async stop(options: StopOptions = {}): Promise<void> {
    const { drainMs = 0 } = optionsOf<StopOptions>('options', options, DRAIN);
    checkMs('drainMs', drainMs);
    this.#stopping ??= this.#stop(drainMs);
    await this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #grow(to: number, signal: AbortSignal | undefined): Promise<void> {
    const { launch, folder, launching, runtime, program } = this.#parts;
    const { name, dialect, limits, shared, lane } = launching;
    // A connection that is kept would be many to the model behind a lane.
    const isKept = dialect.connection === 'persistent';
    // Nor does a lane carry anything beside messages.
    const laned = lane && !isKept && !dialect.opening && !dialect.exchange ? { folder, lean: lane.lean } : undefined;
    const joining = launching
      .plans(launch, to, program)
      .slice(this.#replicas.length)
      .map((plan) => {
        const { replica } = plan;
        const target = `${name}/${replica}`;
        const route = { dialect, limits, shared };
        const log = this.#logs.of(replica);
        if (lane && isKept)
          log.note(
            'no lane: this dialect keeps one connection for all messages, and a lane stands for one that brings one message',
          );
        return new Supervised({
          ...launching,
          runtime,
          plan,
          lane: laned,
          log,
          route,
          model: name,
          target,
        });
      });
    this.#replicas.push(...joining);
    for (const replica of joining) for (const guard of this.#guards) replica.enlist(guard);
    try {
      await allOrNone(joining, signal);
    } catch (error) {
      for (const replica of joining) this.#replicas.splice(this.#replicas.indexOf(replica), 1);
      await Promise.all(joining.map((replica) => replica.stop(launching.graceMs, 0, undefined)));
      throw error;
    }
  }

  async #next(run: () => Promise<void>): Promise<void> {
    if (this.#stopping) throw stoppedError(this.#parts.launching.name);
    const turn = this.#last.then(() => {
      if (this.#stopping) throw stoppedError(this.#parts.launching.name);
      return run();
    });
    this.#last = turn.catch(() => {});
    await turn;
  }

  async #stop(drainMs: number): Promise<void> {
    const { runtime, ownsRuntime, folder, launching, log } = this.#parts;
    const error = stoppedError(this.#parts.launching.name);
    const all = [...this.#replicas, ...this.#leaving];
    await Promise.all(all.map((replica) => replica.stop(launching.graceMs, drainMs, error)));
    await this.#last;
    if (ownsRuntime) await runtime[Symbol.asyncDispose]();
    const problem = await removeFolder(folder);
    if (problem !== undefined) log.note(`its folder cannot be removed: ${quoted(problem)}`);
    this.#logs.close();
  }

  #forget(guard: Guard): void {
    this.#guards.delete(guard);
    for (const replica of this.#replicas) replica.delist(guard);
  }
}

/** Starts all of them. When one fails the others are given up, and nobody waits for them. */
async function allOrNone(replicas: readonly Supervised[], signal: AbortSignal | undefined): Promise<void> {
  const failed = new AbortController();
  const given = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const starts = replicas.map(async (replica) => {
    try {
      await replica.start(given);
    } catch (error) {
      // The first one is the reason; of the others it is only the consequence.
      failed.abort(error);
    }
  });
  await Promise.all(starts);
  failed.signal.throwIfAborted();
}
