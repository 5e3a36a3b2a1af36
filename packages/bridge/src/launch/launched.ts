// The public contract of a running launch: how its models are called, scaled, restarted and stopped. Types, and no code.

import type { KnownNames } from '../codecs/types-from-options.ts';
import type { CallingOptions, ModelFor } from '../model/connect.ts';
import type { GuardedOptions } from '../model/make-guard.ts';
import type { LaunchedLog } from './log/launched-log.ts';
import type { LaunchedStats } from './replica/state.ts';

/** Options for calling a launched model. Its dialect and its limits are options of `launch`. */
export type LaunchedConnectOptions = CallingOptions &
  Pick<GuardedOptions, 'codec' | 'inFlight' | 'queueLimit' | 'wedgedMs'>;

/** Options of a restart. */
export interface RestartOptions {
  /** Milliseconds to wait for messages in progress. Then those that are left are lost with their instance. Default: 30 s. */
  readonly drainMs?: number;
}

/** Options of `stop`. */
export interface StopOptions {
  /** Milliseconds to wait for messages in progress. Default: 0. */
  readonly drainMs?: number;
}

/** A model that has been started and is ready. Disposing it ends the model and leaves nothing behind. */
export interface Launched extends AsyncDisposable {
  /**
   * Returns a model that calls all replicas. Calls wait while replicas restart: a message that provably never reached a replica is
   * sent again, and a message on which a replica died is rejected with that replica's last lines (`detail.lastWords`,
   * `detail.traceback`).
   * @throws BridgeError BRIDGE_OPTION, BRIDGE_CLOSED
   */
  connect<const O extends LaunchedConnectOptions = Record<never, never>>(
    options?: O & KnownNames<O, LaunchedConnectOptions>,
  ): ModelFor<O>;
  /** The newest lines of the replicas' output. Iterating it gives these, and then all new ones until the launch is stopped. */
  readonly logs: LaunchedLog;
  readonly stats: LaunchedStats;
  /**
   * Restarts all replicas, one after the other. No call is lost by that.
   * @throws BridgeError BRIDGE_LAUNCH if a replica does not become ready again, and then the rest is not restarted; BRIDGE_CLOSED
   */
  restart(options?: RestartOptions): Promise<void>;
  /**
   * Changes the number of replicas: starts more, or ends those with the highest numbers once their messages are answered.
   * @throws BridgeError BRIDGE_LAUNCH if a replica does not become ready, BRIDGE_OPTION, BRIDGE_CLOSED
   */
  scale(replicas: number): Promise<void>;
  /**
   * Ends all replicas. Waiting calls are rejected with BRIDGE_CLOSED at once, and calls in progress after `drainMs`. A second call does
   * no harm.
   * @throws BridgeError BRIDGE_OPTION
   */
  stop(options?: StopOptions): Promise<void>;
}
