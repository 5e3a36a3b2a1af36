// The options of a server determine the types of its handler's frames. The file is checked by
// `tsc -p tsconfig.programs.json --noEmit` and never run.

import type { AnyNdArray, NdArrayOf } from '@bridge/npy';
import { expectTypeOf } from 'vitest';
import { type ArrayHandler, codecs, connect, dialects, type ServeOptions, serve } from '../../src/index.ts';

declare const address: string;

await serve(address, (frame, { signal, peer }) => {
  expectTypeOf(frame).toEqualTypeOf<AnyNdArray>();
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(peer).toBeString();
  return frame;
});

// A dtype determines the types of the frame and of its data.
await serve(address, { input: { dtype: 'uint8' } }, async (frame, { signal }) => {
  expectTypeOf(frame).toEqualTypeOf<NdArrayOf<'uint8'>>();
  expectTypeOf(frame.data).toEqualTypeOf<Uint8Array<ArrayBufferLike>>();
  await fetch('http://localhost', { signal, body: new Blob([new Uint8Array(frame.data)]) });
  return [[1, 2]];
});
await serve(address, { input: { dtype: 'float64', shape: [null] }, dialect: dialects.tenDigits }, (samples) => {
  expectTypeOf(samples.get(0)).toBeNumber();
});
await serve(address, { onError: (error, peer) => console.error(peer, error) }, (frame) => {
  expectTypeOf(frame).toEqualTypeOf<AnyNdArray>();
  return undefined;
});

// Servers with several named arrays.
await serve(address, { codec: codecs.npz, input: { image: { dtype: 'uint8' }, extra: {} } }, ({ image, extra }) => {
  expectTypeOf(image).toEqualTypeOf<NdArrayOf<'uint8'>>();
  expectTypeOf(extra).toEqualTypeOf<AnyNdArray>();
  return { boxes: [1, 2] };
});
await serve(address, { codec: codecs.npz }, (arrays) => {
  expectTypeOf(arrays).toEqualTypeOf<{ readonly [name: string]: AnyNdArray }>();
  return arrays;
});

// A handler and options in variables.
declare const handler: ArrayHandler;
declare const options: ServeOptions;
await serve(address, handler);
await serve(address, options, handler);
await serve(address, options, (frame) => {
  expectTypeOf(frame).toEqualTypeOf<AnyNdArray>();
});

// The options of all schemes, together.
await serve(
  address,
  { permissions: 0o600, limits: { maxConnections: 5, closeMs: 5 }, dialect: dialects.seed },
  handler,
);
expectTypeOf<ServeOptions['permissions']>().toEqualTypeOf<number | undefined>();
expectTypeOf<NonNullable<ServeOptions['limits']>>().toExtend<{
  readonly handlerMs?: number;
  readonly idleMs?: number;
}>();
connect(address, { limits: { stallMs: 5, maxMessageBytes: 5 }, dialect: dialects.seed });
// @ts-expect-error an option of hosts, and not of models
connect(address, { permissions: 0o600 });

// @ts-expect-error an unknown option
await serve(address, { inputs: { dtype: 'uint8' } }, handler);
// @ts-expect-error an unknown option beside a known one, and unknown names in a schema and in limits
await serve(address, { input: { dtype: 'uint8' }, inputs: {} }, handler);
// @ts-expect-error
await serve(address, { input: { dtype: 'uint8', shap: [1] } }, handler);
// @ts-expect-error
await serve(address, { limits: { closeMs: 5, closeMS: 5 } }, handler);
// @ts-expect-error no such dtype
await serve(address, { input: { dtype: 'uint9' } }, handler);
// @ts-expect-error the answer is not an array
await serve(address, () => new Map());
// @ts-expect-error one array where several by name go back
await serve(address, { codec: codecs.npz }, () => [1, 2]);
