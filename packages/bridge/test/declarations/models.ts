// The compiler infers the types of models and frames from options. Every compiler of scripts/check-compilers.mjs compiles this file
// with the types of a browser alone.
import { type ConnectOptions, codecs, connect, type Launched, type Model, serve } from '@bridge/bridge';
import type { NdArrayOf } from '@bridge/npy';

declare const launched: Launched;

export async function scores(frame: Uint8Array): Promise<number> {
  const boxes = await connect('tcp://127.0.0.1:6000', { output: { dtype: 'float32' }, inFlight: 2 }).call(frame);
  const again: NdArrayOf<'float32'> = await launched.connect({ output: { dtype: 'float32' } }).call(frame);
  return boxes.get(0, 4) + again.get(0, 4);
}

export async function named(frame: Uint8Array): Promise<Float32Array> {
  const output = { boxes: { dtype: 'float32' } } as const;
  const { boxes } = await connect('tcp://127.0.0.1:6000', { codec: codecs.npz, output }).call({ image: frame });
  return boxes.data;
}

const options: ConnectOptions = { output: { dtype: 'float32' } };
export const model: Model = connect('tcp://127.0.0.1:6000', options);

// @ts-expect-error an unknown option beside a known one
export const wrong: unknown = connect('tcp://127.0.0.1:6000', { inFlight: 2, inflight: 2 });

export const listener: Promise<AsyncDisposable> = serve(
  'tcp://127.0.0.1:6000',
  { input: { dtype: 'uint8' }, onError: (error, peer) => console.error(peer, error) },
  async (frame, { signal }) => {
    const body = new Blob([new Uint8Array(frame.data)]);
    const answer = await fetch('https://example.org', { method: 'POST', body, signal });
    return new Uint8Array(await answer.arrayBuffer());
  },
);
