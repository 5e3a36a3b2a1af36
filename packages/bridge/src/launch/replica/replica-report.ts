// The side of one replica that users see: its state, its figures, its events, and the notes about them in its log. Nothing is decided here.
import type { ErrorContext, ModelFault } from '../launch-errors.ts';
import { faultText } from '../launch-errors.ts';
import type { ReplicaLog } from '../log/log.ts';
import type { Usage } from '../runtime.ts';
import type { ReadyInstance } from './replica-carrier.ts';
import type { LaunchEvent, ReplicaFigures, ReplicaState } from './state.ts';

export interface ReplicaReportOptions {
  readonly replica: number;
  readonly log: ReplicaLog;
  readonly onEvent: (event: LaunchEvent) => void;
}

export class ReplicaReport {
  readonly #options: ReplicaReportOptions;
  #state: ReplicaState = { phase: 'starting' };
  #restarts = 0;
  #outageMs: number | undefined;
  #usage: Usage | undefined;

  constructor(options: ReplicaReportOptions) {
    this.#options = options;
  }

  get state(): ReplicaState {
    return this.#state;
  }

  /** Returns the figures so far, with those that the caller counts. */
  figures(counts: Pick<ReplicaFigures, 'answered' | 'faults'>): ReplicaFigures {
    const { replica, log } = this.#options;
    const { writtenBytes, droppedBytes } = log;
    return {
      replica,
      state: this.#state,
      answered: counts.answered,
      restarts: this.#restarts,
      faults: counts.faults,
      outageMs: this.#outageMs,
      usage: this.#usage,
      log: { writtenBytes, droppedBytes },
    };
  }

  /** Called when a start waits for its place. */
  waiting(reason: string): void {
    const { replica, log, onEvent } = this.#options;
    log.note(`the start of the model waits: ${reason}`);
    onEvent({ type: 'waiting', replica, reason });
  }

  up({ instance, endpoint }: ReadyInstance, readyMs: number): void {
    const { replica, onEvent } = this.#options;
    this.#state = {
      phase: 'up',
      instance: instance.name,
      pid: instance.pid,
      // A getter, because the model may decline its lane while it is up.
      get by() {
        return endpoint.by;
      },
      readyMs,
    };
    onEvent({ type: 'ready', replica, by: endpoint.by, readyMs });
  }

  used(usage: Usage): void {
    this.#usage = usage;
  }

  flood(bytesPerSecond: number): void {
    const { replica, onEvent } = this.#options;
    onEvent({ type: 'log flood', replica, bytesPerSecond });
  }

  /** @param fault the reason; undefined if the user asked for the restart */
  restarting(fault: ModelFault | undefined): void {
    this.#state = { phase: 'restarting', fault };
  }

  /** @param againMs milliseconds until the restart; undefined if there will be none */
  fault(fault: ModelFault, { instance, lastWords }: ErrorContext, againMs: number | undefined): void {
    const { replica, log, onEvent } = this.#options;
    const next = againMs === undefined ? 'it is given up' : `it restarts in ${Math.round(againMs)} ms`;
    log.note(`${instance} ${faultText(fault)}; ${next}`);
    onEvent({ type: 'fault', replica, fault, lastWords, againMs });
  }

  restarted(outageMs: number): void {
    const { replica, onEvent } = this.#options;
    this.#restarts++;
    this.#outageMs = outageMs;
    onEvent({ type: 'restarted', replica, outageMs });
  }

  failed(error: Error): void {
    const { replica, onEvent } = this.#options;
    this.#state = { phase: 'failed', error };
    onEvent({ type: 'failed', replica, error });
  }

  stopped(): void {
    this.#state = { phase: 'stopped' };
  }
}
