// Sends frames through a model as a user does: one after the other, or as a stream with two in flight.
import type { Model } from '@bridge/bridge';
import type { frameOf } from './frames.ts';

/** @throws Error if a reply is not ten boxes */
export async function sendThrough(
  model: Model,
  frame: ReturnType<typeof frameOf>,
  inFlight: 1 | 2,
  frames: number,
): Promise<void> {
  if (inFlight === 1) {
    for (let i = 0; i < frames; i++) check((await model.call(frame)).shape);
    return;
  }
  const source = (function* () {
    for (let i = 0; i < frames; i++) yield frame;
  })();
  for await (const { output } of model.stream(source)) check(output.shape);
}

function check(shape: readonly number[]): void {
  if (shape[0] !== 10 || shape[1] !== 6) throw new Error(`ten boxes were to come, not ${shape.join(' x ')}`);
}

/** Reads the argument of a command line. */
export function inFlightOf(text: string | undefined): 1 | 2 {
  return text === '2' ? 2 : 1;
}
