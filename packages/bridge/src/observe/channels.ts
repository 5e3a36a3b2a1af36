// Publishes calls and the health of replicas to Node's diagnostics channels, if the runtime has them. Publishing costs nothing while
// nobody listens. A replica is one of the targets of a model.
//   tracing:bridge:call   start, end, asyncStart, asyncEnd, error of every call, with a CallTrace
//   bridge:model          a ModelEvent whenever the health of a replica changes
import type { Health } from '../guard/events.ts';
import { platform } from '../platform/platform.ts';

/** The trace of a call. Its fields are set as they become known. */
export interface CallTrace {
  /** The model's target. Several targets are joined. */
  readonly target: string;
  /** The input's dtype and shape and the size of its message, set when it is encoded. */
  dtype?: string;
  shape?: readonly number[];
  requestBytes?: number;
  /** The target of the replica that answered, the size of the reply, and the milliseconds for which the replica had the message. */
  replica?: string;
  replyBytes?: number;
  modelMs?: number;
  /** The result or the error of the call, set by the channel when the call is over. */
  result?: unknown;
  error?: unknown;
}

/** A change in the health of a replica. */
export interface ModelEvent {
  readonly target: string;
  readonly health: Health;
  readonly error: unknown;
}

/** The part of Node's TracingChannel that is used here. */
export interface TracingChannel {
  readonly hasSubscribers?: boolean;
  tracePromise<T>(run: () => Promise<T>, context: CallTrace): Promise<T>;
  subscribe(handlers: TraceHandlers): void;
  unsubscribe(handlers: TraceHandlers): void;
}

/** The handlers of a listener to calls. Node requires all of them. */
export interface TraceHandlers {
  start(trace: CallTrace): void;
  end(trace: CallTrace): void;
  asyncStart(trace: CallTrace): void;
  asyncEnd(trace: CallTrace): void;
  error(trace: CallTrace): void;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: ModelEvent): void;
}

interface DiagnosticsChannels {
  tracingChannel(name: string): TracingChannel;
  channel(name: string): Channel;
}

const channels = platform.process?.getBuiltinModule?.('node:diagnostics_channel') as DiagnosticsChannels | undefined;

export const calls: TracingChannel | undefined = channels?.tracingChannel('bridge:call');
const models = channels?.channel('bridge:model');

/** Runs a call, and publishes it to the listeners of the channel. */
export function traced<T>(trace: CallTrace, run: () => Promise<T>): Promise<T> {
  return calls && calls.hasSubscribers !== false ? calls.tracePromise(run, trace) : run();
}

/** Publishes a replica's health. */
export function publishHealth(event: ModelEvent): void {
  if (models?.hasSubscribers) models.publish(event);
}
