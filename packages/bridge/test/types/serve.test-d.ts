// The options of a server type the frames of its handler.
// Checked by `tsc -p tsconfig.programs.json --noEmit`; never run.

import type { AnyNdArray, NdArrayOf } from '@bridge/npy';
import { expectTypeOf } from 'vitest';
import { type ArrayHandler, codecs, dialects, type ServeOptions, serve } from '../../src/index.ts';

declare const address: string;

await serve(address, (frame, { signal, peer }) => {
  expectTypeOf(frame).toEqualTypeOf<AnyNdArray>();
  expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
  expectTypeOf(peer).toBeString();
  return frame;
});

// A dtype types the frame, and its data with it.
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

// Several arrays by name.
await serve(address, { codec: codecs.npz, input: { image: { dtype: 'uint8' }, extra: {} } }, ({ image, extra }) => {
  expectTypeOf(image).toEqualTypeOf<NdArrayOf<'uint8'>>();
  expectTypeOf(extra).toEqualTypeOf<AnyNdArray>();
  return { boxes: [1, 2] };
});
await serve(address, { codec: codecs.npz }, (arrays) => {
  expectTypeOf(arrays).toEqualTypeOf<{ readonly [name: string]: AnyNdArray }>();
  return arrays;
});

// A handler and options that were made beforehand.
declare const handler: ArrayHandler;
declare const options: ServeOptions;
await serve(address, handler);
await serve(address, options, handler);
await serve(address, options, (frame) => {
  expectTypeOf(frame).toEqualTypeOf<AnyNdArray>();
});

// @ts-expect-error an option that is not known
await serve(address, { inputs: { dtype: 'uint8' } }, handler);
// @ts-expect-error not beside one that is, in a schema, or in limits, either
await serve(address, { input: { dtype: 'uint8' }, inputs: {} }, handler);
// @ts-expect-error
await serve(address, { input: { dtype: 'uint8', shap: [1] } }, handler);
// @ts-expect-error
await serve(address, { limits: { closeMs: 5, closeMS: 5 } }, handler);
// @ts-expect-error no such dtype
await serve(address, { input: { dtype: 'uint9' } }, handler);
// @ts-expect-error an answer that is no array
await serve(address, () => new Map());
// @ts-expect-error one array where several by name go back
await serve(address, { codec: codecs.npz }, () => [1, 2]);
