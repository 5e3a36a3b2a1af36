// The implementation of a running launch: its models, log, figures and end. Requests to scale and to restart it are done one after the
// other, in the order in which they were made.

import { checkCodecs } from '../codecs/check-codec.ts';
import { checkMs, type Names, optionsOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';
import { Guard } from '../guard/guard.ts';
import { CALLING, checkCalling } from '../model/connect.ts';
import { GuardedModel } from '../model/guarded-model.ts';
import { checkGuarding } from '../model/make-guard.ts';
import { publishHealth } from '../observe/channels.ts';
import { assumptionsOf } from '../targets/stream-replica.ts';
import { stoppedError } from './launch-errors.ts';
import type { Launched, LaunchedConnectOptions, RestartOptions, StopOptions } from './launched.ts';
import { removeFolder } from './leftovers/removal.ts';
import { type LaunchedLog, MergedLog } from './log/launched-log.ts';
import type { ReplicaLog } from './log/log.ts';
import type { LaunchedStats } from './replica/state.ts';
import { ReplicaSet } from './replica-set.ts';
import type { Program, Runtime } from './runtime.ts';
import { type CheckedSpec, checkReplicas } from './spec/check-spec.ts';

const CONNECT: Names<LaunchedConnectOptions> = {
  ...CALLING,
  codec: true,
  inFlight: true,
  queueLimit: true,
  wedgedMs: true,
};
const DRAIN: Names<RestartOptions & StopOptions> = { drainMs: true };
const DRAIN_MS = 30_000;

export interface RunningLaunchOptions {
  /** The launch's name. */
  readonly launch: string;
  /** The launch's folder, which is removed when the launch ends. */
  readonly folder: string;
  readonly spec: CheckedSpec;
  readonly runtime: Runtime;
  /** True if the runtime has to be disposed with this launch. */
  readonly ownsRuntime: boolean;
  /** The program as the runtime prepared it. */
  readonly program: Program;
  /** The log of the first replica. It also has the notes that the runtime wrote while it prepared the program. */
  readonly log: ReplicaLog;
}

export class RunningLaunch implements Launched {
  readonly #options: RunningLaunchOptions;
  readonly #replicas: ReplicaSet;
  readonly #logs: MergedLog;
  /** Settles when the last request is done. The next request waits for it. */
  #last: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | undefined;

  constructor(options: RunningLaunchOptions) {
    this.#options = options;
    this.#logs = new MergedLog(options.log, options.spec.logBytes);
    this.#replicas = new ReplicaSet({ ...options, logs: this.#logs });
  }

  /**
   * Starts all replicas. If one does not start, the others are ended.
   * @throws BridgeError BRIDGE_LAUNCH; `signal.reason` when aborted
   */
  async start(): Promise<void> {
    const { replicas, signal } = this.#options.spec;
    await this.#replicas.grow(replicas, signal);
  }

  // The interface promises a model whose type the compiler cannot derive here. `never` is assignable to every type of model.
  connect(given?: LaunchedConnectOptions): never;
  connect(given: LaunchedConnectOptions = {}): unknown {
    const { dialect, name } = this.#options.spec;
    if (this.#stopping) throw stoppedError(name);
    const options = optionsOf<LaunchedConnectOptions>('options', given, CONNECT);
    const { assumes } = assumptionsOf(name, dialect);
    const guarding = checkGuarding(options, [{ assumes }]);
    const replicas = this.#replicas;
    const guard = new Guard([], {
      ...guarding,
      supervised: true,
      onHealth: (target, health, error) => {
        publishHealth({ target, health, error });
        if (health === 'wedged') replicas.reportSilence(target, guard, guarding.wedgedMs);
      },
    });
    const codec = checkCodecs(options.codec, dialect.codec, dialect.reply.carriesNothing);
    const calling = checkCalling(options, codec);
    replicas.addGuard(guard);
    return new GuardedModel(guard, {
      ...calling,
      codec,
      maxMessageBytes: assumes.maxMessageBytes,
      target: name,
      get window() {
        return guarding.inFlight * replicas.size;
      },
      onClosed: () => replicas.removeGuard(guard),
    });
  }

  get logs(): LaunchedLog {
    return this.#logs;
  }

  get stats(): LaunchedStats {
    return { runtime: this.#options.runtime.name, replicas: this.#replicas.figures };
  }

  async restart(options: RestartOptions = {}): Promise<void> {
    const { drainMs = DRAIN_MS } = optionsOf<RestartOptions>('options', options, DRAIN);
    checkMs('drainMs', drainMs);
    await this.#inOrder(() => this.#replicas.restart(drainMs));
  }

  async scale(replicas: number): Promise<void> {
    checkReplicas(replicas);
    await this.#inOrder(async () => {
      if (replicas > this.#replicas.size) await this.#replicas.grow(replicas, undefined);
      else await this.#replicas.shrink(replicas);
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

  /** Calls `run` once all earlier requests are done. @throws BridgeError BRIDGE_CLOSED if the launch is stopped before that */
  async #inOrder(run: () => Promise<void>): Promise<void> {
    const { name } = this.#options.spec;
    if (this.#stopping) throw stoppedError(name);
    const turn = this.#last.then(() => {
      if (this.#stopping) throw stoppedError(name);
      return run();
    });
    this.#last = turn.catch(() => {});
    await turn;
  }

  async #stop(drainMs: number): Promise<void> {
    const { runtime, ownsRuntime, folder, spec, log } = this.#options;
    await this.#replicas.stop(drainMs, stoppedError(spec.name));
    await this.#last;
    if (ownsRuntime) await runtime[Symbol.asyncDispose]();
    const problem = await removeFolder(folder);
    if (problem !== undefined) log.note(`the folder of the launch cannot be removed: ${quoted(problem)}`);
    this.#logs.close();
  }
}
