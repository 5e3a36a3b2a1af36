// States, events and figures of replicas, as users of a launched model see them. Types, and no code.
import type { ModelFault } from '../launch-errors.ts';
import type { Usage } from '../runtime.ts';
import type { EndpointKind } from './endpoint.ts';

/** The state of one replica. Only a replica that is up has an instance that can be called. */
export type ReplicaState =
  | { readonly phase: 'starting' }
  | {
      readonly phase: 'up';
      /** The name of the instance: `process 4711`. */
      readonly instance: string;
      /** The process number of the instance on this machine; undefined if this machine does not see the process. */
      readonly pid: number | undefined;
      /** The way that messages take: through its lane, or to its port. */
      readonly by: EndpointKind;
      /** Milliseconds from its start until it was ready. */
      readonly readyMs: number;
    }
  /** `fault` is the reason; undefined if the user asked for the restart. */
  | { readonly phase: 'restarting'; readonly fault: ModelFault | undefined }
  /** The replica was given up: it will not be restarted. */
  | { readonly phase: 'failed'; readonly error: Error }
  | { readonly phase: 'stopped' };

/** An event of a replica. */
export type LaunchEvent =
  | { readonly type: 'ready'; readonly replica: number; readonly by: EndpointKind; readonly readyMs: number }
  | {
      readonly type: 'fault';
      readonly replica: number;
      readonly fault: ModelFault;
      /** The last lines of the model's output. */
      readonly lastWords: readonly string[];
      /** Milliseconds until the restart; undefined if there will be none. */
      readonly againMs: number | undefined;
    }
  /** The replica takes messages again, `outageMs` milliseconds after its fault was noticed or its restart was asked for. */
  | { readonly type: 'restarted'; readonly replica: number; readonly outageMs: number }
  /**
   * The start waits, and does not count as a failure: another program has the port, or the kernel keeps it for a connection that has
   * ended. There is one event for each of the two reasons.
   */
  | { readonly type: 'waiting'; readonly replica: number; readonly reason: string }
  | { readonly type: 'failed'; readonly replica: number; readonly error: Error }
  /** The model writes so much that its log keeps only the last moment of it. There is one event for each such flood. */
  | { readonly type: 'log flood'; readonly replica: number; readonly bytesPerSecond: number };

/** A copy of the figures of one replica so far. */
export interface ReplicaFigures {
  readonly replica: number;
  readonly state: ReplicaState;
  /** The number of messages that its instances answered, to all models. */
  readonly answered: number;
  /** The number of its restarts. */
  readonly restarts: number;
  /** The number of its faults, by kind. */
  readonly faults: Readonly<Partial<Record<ModelFault['kind'], number>>>;
  /** Milliseconds from the last fault, or the last request for a restart, until the replica took messages again; undefined before that. */
  readonly outageMs: number | undefined;
  /** The resources that its instance had used when that was last measured; undefined if it has not been measured. */
  readonly usage: Usage | undefined;
  readonly log: { readonly writtenBytes: number; readonly droppedBytes: number };
}

/** The figures of a launch so far. */
export interface LaunchedStats {
  readonly runtime: string;
  readonly replicas: readonly ReplicaFigures[];
}
