// Calls make spans by OpenTelemetry's own SDK, which keeps them in memory: their parents, attributes, errors and ends.
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, serve } from '../../src/index.ts';
import { traceCalls } from '../../src/observe/otel.ts';

const exporter = new InMemorySpanExporter();
beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
});
beforeEach(() => exporter.reset());

const echo = () => serve('tcp://127.0.0.1:0', (input) => input);

test('a call is a span, child of the one that is active where it is made', async () => {
  await using listener = await echo();
  await using model = connect(listener.address);
  using _tracing = traceCalls();
  const parent = trace.getTracer('test').startSpan('frame');
  await context.with(trace.setSpan(context.active(), parent), () => model.call([[1, 2, 3]]));
  parent.end();
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ name: 'model.call', kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
  expect(span?.parentSpanContext?.spanId).toBe(parent.spanContext().spanId);
  expect(span?.attributes).toMatchObject({
    'server.address': '127.0.0.1',
    'server.port': Number(new URL(listener.address).port),
    'bridge.input.dtype': 'float64',
    'bridge.input.shape': [1, 3],
    'bridge.request.bytes': 152,
    'bridge.reply.bytes': 152,
  });
  expect(span?.attributes['bridge.model.ms']).toBeGreaterThan(0);
});

test('calls at once, and those of streams, each have their own', async () => {
  await using listener = await echo();
  await using model = connect(listener.address);
  using _tracing = traceCalls({ tracer: trace.getTracer('mine') });
  await Promise.all([model.call([1]), model.call([1, 2]), model.call([1, 2, 3])]);
  for await (const _ of model.stream([[1, 2, 3, 4]]));
  const shapes = exporter.getFinishedSpans().map(({ attributes }) => attributes['bridge.input.shape']);
  expect(shapes).toEqual([[1], [2], [3], [4]]);
  expect(exporter.getFinishedSpans().every(({ instrumentationScope }) => instrumentationScope.name === 'mine')).toBe(
    true,
  );
});

test('a call that fails has the code of its error', async () => {
  await using listener = await echo();
  await using model = connect(listener.address, { input: { dtype: 'uint8' } });
  using _tracing = traceCalls();
  await expect(model.call([1])).rejects.toThrow();
  const [span] = exporter.getFinishedSpans();
  expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'BRIDGE_SCHEMA' } });
});

test('nothing is traced once it is disposed of', async () => {
  await using listener = await echo();
  await using model = connect(listener.address);
  traceCalls()[Symbol.dispose]();
  await model.call([1]);
  expect(exporter.getFinishedSpans()).toEqual([]);
});

test.each([5, { tracer: 5 }, { tracer: {} }])('%j is refused, and not found out by a call', async (options) => {
  expect(() => traceCalls(options as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_OPTION' }));
  using _tracing = traceCalls(null as never);
});
