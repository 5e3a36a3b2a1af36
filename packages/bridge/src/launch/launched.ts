// The public contract of a launch that runs: how its models are called, and how it is scaled, restarted and stopped. Types, and no code.

import type { KnownNames } from '../codecs/declared.ts';
import type { ConnectOptions, ModelFor } from '../model/connect.ts';
import type { LaunchedLog } from './log/merged-log.ts';
import type { LaunchedStats } from './replica/state.ts';

/** Options for calling a launched model. Its dialect and its limits are options of `launch`. */
export type LaunchedConnectOptions = Omit<ConnectOptions, 'dialect' | 'limits' | 'retryMs' | 'shared'>;

/** Options of a restart. */
export interface RestartOptions {
  /** Milliseconds to wait for messages under way. After that they are lost with the instance that had them. Default: 30 s. */
  readonly drainMs?: number;
}

/** Options for the end of a launch. */
export interface StopOptions {
  /** Milliseconds to wait for messages under way. Default: 0. */
  readonly drainMs?: number;
}

/** A model that was started and is ready. Disposing it ends the model and leaves nothing behind. */
export interface Launched extends AsyncDisposable {
  /**
   * Returns a model to call, over all replicas. Calls wait while replicas restart: a message that provably never reached a model
   * is sent again, and a message on which a model died is rejected with its last words (`detail.lastWords`, `detail.traceback`).
   * @throws BridgeError BRIDGE_OPTION, BRIDGE_CLOSED
   */
  connect<const O extends LaunchedConnectOptions = Record<never, never>>(
    options?: O & KnownNames<O, LaunchedConnectOptions>,
  ): ModelFor<O>;
  /** The newest lines that the replicas wrote. Iterating it gives these and all that come until the launch is stopped. */
  readonly logs: LaunchedLog;
  readonly stats: LaunchedStats;
  /**
   * Restarts all replicas, one after the other. No call is lost by it.
   * @throws BridgeError BRIDGE_LAUNCH if a replica does not come back, and then the others are left as they are; BRIDGE_CLOSED
   */
  restart(options?: RestartOptions): Promise<void>;
  /**
   * Changes the number of replicas: starts more, or ends those of the highest numbers once their messages are answered.
   * @throws BridgeError BRIDGE_LAUNCH if a replica does not become ready, BRIDGE_OPTION, BRIDGE_CLOSED
   */
  scale(replicas: number): Promise<void>;
  /**
   * Ends everything. Calls that wait are rejected with BRIDGE_CLOSED at once, and calls under way after `drainMs`. A second call
   * does no harm.
   * @throws BridgeError BRIDGE_OPTION
   */
  stop(options?: StopOptions): Promise<void>;
}
