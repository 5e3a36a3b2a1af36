// What a launched model's user sees of its replicas: states, events, figures. Values, and no code.
import type { ModelFault } from '../errors.ts';
import type { Usage } from '../runtime.ts';
import type { By } from './endpoint.ts';

/** Where one replica is. Only one that is up has an instance and a way to it. */
export type ReplicaState =
  | { readonly phase: 'starting' }
  | {
      readonly phase: 'up';
      /** `process 4711` */
      readonly instance: string;
      /** As this machine numbers it; undefined where it does not see it. */
      readonly pid: number | undefined;
      /** By its lane, or by its port. */
      readonly by: By;
      /** From its start to its being ready, milliseconds. */
      readonly readyMs: number;
    }
  /** `fault`: why; undefined where somebody asked for it. */
  | { readonly phase: 'restarting'; readonly fault: ModelFault | undefined }
  /** Given up. */
  | { readonly phase: 'failed'; readonly error: Error }
  | { readonly phase: 'stopped' };

/** What happens to a replica. */
export type LaunchEvent =
  | { readonly type: 'ready'; readonly replica: number; readonly by: By; readonly readyMs: number }
  | {
      readonly type: 'fault';
      readonly replica: number;
      readonly fault: ModelFault;
      /** The last lines that it wrote. */
      readonly lastWords: readonly string[];
      /** How long it is left alone before it is started anew, milliseconds; undefined: it will not be. */
      readonly againMs: number | undefined;
    }
  /** It serves again, so long after its fault was seen, or after somebody asked for it. */
  | { readonly type: 'restarted'; readonly replica: number; readonly serviceMs: number }
  /**
   * Its start waits, and is not counted: somebody else has its port, or the kernel still keeps it for a connection that has ended.
   * Told once for each of the two.
   */
  | { readonly type: 'waiting'; readonly replica: number; readonly reason: string }
  | { readonly type: 'failed'; readonly replica: number; readonly error: Error }
  /** It writes so much that its log keeps only a moment of it. Told once for each flood. */
  | { readonly type: 'log flood'; readonly replica: number; readonly bytesPerSecond: number };

/** What became of one replica so far. A copy: it does not change. */
export interface ReplicaFigures {
  readonly replica: number;
  readonly state: ReplicaState;
  /** Messages that its instances answered, to all models. */
  readonly answered: number;
  /** How often it was started anew. */
  readonly restarts: number;
  /** What it was found at, and how often. */
  readonly faults: Readonly<Partial<Record<ModelFault['kind'], number>>>;
  /** From the last fault or wish to its being of use again, milliseconds; undefined: never yet. */
  readonly serviceMs: number | undefined;
  /** As it was last looked at; undefined: not yet. */
  readonly usage: Usage | undefined;
  readonly log: { readonly writtenBytes: number; readonly droppedBytes: number };
}

/** What became of a launch so far. */
export interface LaunchedStats {
  readonly runtime: string;
  readonly replicas: readonly ReplicaFigures[];
}
