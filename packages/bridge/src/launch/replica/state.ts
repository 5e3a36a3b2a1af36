// States, events and figures of the replicas, as the user of a launched model sees them. Types, and no code.
import type { ModelFault } from '../launch-errors.ts';
import type { Usage } from '../runtime.ts';
import type { EndpointKind } from './endpoint.ts';

/** The state of one replica. Only a replica that is up has an instance and a way to it. */
export type ReplicaState =
  | { readonly phase: 'starting' }
  | {
      readonly phase: 'up';
      /** The name of the instance: `process 4711`. */
      readonly instance: string;
      /** Its process as this machine numbers it; undefined if this machine does not see it. */
      readonly pid: number | undefined;
      /** The way that messages go: by its lane, or by its port. */
      readonly by: EndpointKind;
      /** Milliseconds from its start until it was ready. */
      readonly readyMs: number;
    }
  /** `fault` is the reason; undefined: the user asked for the restart. */
  | { readonly phase: 'restarting'; readonly fault: ModelFault | undefined }
  /** The replica was given up. */
  | { readonly phase: 'failed'; readonly error: Error }
  | { readonly phase: 'stopped' };

/** An event of a replica. */
export type LaunchEvent =
  | { readonly type: 'ready'; readonly replica: number; readonly by: EndpointKind; readonly readyMs: number }
  | {
      readonly type: 'fault';
      readonly replica: number;
      readonly fault: ModelFault;
      /** The last lines that the model wrote. */
      readonly lastWords: readonly string[];
      /** Milliseconds until the restart; undefined: there will be none. */
      readonly againMs: number | undefined;
    }
  /** The replica serves again, `serviceMs` after its fault was seen or its restart was asked for. */
  | { readonly type: 'restarted'; readonly replica: number; readonly serviceMs: number }
  /**
   * The start waits, and does not count as a failure: another program has the port, or the kernel still keeps it for a connection
   * that has ended. There is one event for each of the two reasons.
   */
  | { readonly type: 'waiting'; readonly replica: number; readonly reason: string }
  | { readonly type: 'failed'; readonly replica: number; readonly error: Error }
  /** The model writes so much that its log keeps only a moment of it. There is one event for each flood. */
  | { readonly type: 'log flood'; readonly replica: number; readonly bytesPerSecond: number };

/** The figures of one replica so far (a copy). */
export interface ReplicaFigures {
  readonly replica: number;
  readonly state: ReplicaState;
  /** Messages that its instances answered, to all models. */
  readonly answered: number;
  /** The number of its restarts. */
  readonly restarts: number;
  /** Its faults, counted by kind. */
  readonly faults: Readonly<Partial<Record<ModelFault['kind'], number>>>;
  /** Milliseconds from the last fault or request for a restart until the replica served again; undefined: there was none yet. */
  readonly serviceMs: number | undefined;
  /** The usage when it was last measured; undefined: it was not measured yet. */
  readonly usage: Usage | undefined;
  readonly log: { readonly writtenBytes: number; readonly droppedBytes: number };
}

/** The figures of a launch so far. */
export interface LaunchedStats {
  readonly runtime: string;
  readonly replicas: readonly ReplicaFigures[];
}
