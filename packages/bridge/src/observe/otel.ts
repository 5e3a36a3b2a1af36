// @bridge/bridge/otel: a span of OpenTelemetry for each call. This file listens to the diagnostics channel of calls, so the rest of the
// package does not know of it, and does not load OpenTelemetry.
import { type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkOption, optionsOf } from '../errors/options.ts';
import { quoted } from '../errors/quoted.ts';
import { addressAttributes } from '../targets/parse-address.ts';
import { type CallTrace, calls, type TraceHandlers } from './channels.ts';
import { codeOf } from './ledger.ts';

/** Options of `traceCalls`. */
export interface TraceOptions {
  /** The tracer that makes the spans. Default: the tracer `@bridge/bridge` of the global provider. */
  readonly tracer?: Tracer;
}

/**
 * Makes a span of each call of every model in this process, from the call to its reply, as a child of the span that is active
 * where the call is made. Disposing the result ends the tracing.
 *
 * A span is called `model.call` and has `server.address`, `server.port` (the model's, or that of the replica that answered),
 * `bridge.input.dtype`, `bridge.input.shape`, `bridge.request.bytes`, `bridge.reply.bytes` and `bridge.model.ms` (the time without
 * waiting), each if the call got that far. If the call failed, `error.type` is the error's code.
 *
 * @throws BridgeError BRIDGE_OPTION for an invalid tracer, and if the runtime has no diagnostics channels
 * @example
 * using tracing = traceCalls();
 */
export function traceCalls(options: TraceOptions = {}): Disposable {
  const channel = calls;
  if (!channel)
    throw new BridgeError('BRIDGE_OPTION', 'traceCalls needs diagnostics channels, and this runtime has none');
  const { tracer = trace.getTracer('@bridge/bridge') } = optionsOf<TraceOptions>('options', options, { tracer: true });
  // Node throws an error of a channel's listener as an uncaught exception, so the tracer is checked here.
  checkOption('tracer', tracer, typeof tracer.startSpan === 'function', 'a Tracer');
  const spans = new WeakMap<CallTrace, Span>();
  const nothing = (): void => {};
  const handlers: TraceHandlers = {
    start: (call) => void spans.set(call, tracer.startSpan('model.call', { kind: SpanKind.CLIENT })),
    error: (call) => fail(spans.get(call), call.error),
    asyncEnd: (call) => {
      const span = spans.get(call);
      span?.setAttributes(attributesOf(call));
      span?.end();
    },
    end: nothing,
    asyncStart: nothing,
  };
  channel.subscribe(handlers);
  return {
    [Symbol.dispose]: () => void channel.unsubscribe(handlers),
  };
}

function fail(span: Span | undefined, error: unknown): void {
  const { message } = Object(error) as { message?: unknown };
  span?.setAttribute('error.type', codeOf(error));
  span?.setStatus({ code: SpanStatusCode.ERROR, message: quoted(String(message ?? error)) });
}

function attributesOf(call: CallTrace): Record<string, string | number | number[]> {
  return {
    ...addressAttributes(call.replica ?? call.target),
    ...(call.dtype !== undefined && { 'bridge.input.dtype': call.dtype }),
    ...(call.shape !== undefined && { 'bridge.input.shape': [...call.shape] }),
    ...(call.requestBytes !== undefined && { 'bridge.request.bytes': call.requestBytes }),
    ...(call.replyBytes !== undefined && { 'bridge.reply.bytes': call.replyBytes }),
    ...(call.modelMs !== undefined && { 'bridge.model.ms': call.modelMs }),
  };
}
