// A model that we start ourselves, by its lane, beside the seed's own Python host with a model of its own; and what the shared
// memory of a lane adds to its socket.
import type { Comparison } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { freePort, inOrder, laneHost, launchedHost, seedHost, startModel } from './hosts.ts';

/** What is wanted over the seed's host, with one message in flight and with two. */
const TARGETS = {
  small: [1.6, 3.0],
  vga: [2.9, 3.6],
  hd: [3.3, 4.2],
  large: [2.5, 2.6],
} as const satisfies Partial<Record<keyof typeof FRAMES, readonly [number, number]>>;

export function lanes(python: string): readonly Comparison[] {
  const launched = (Object.keys(TARGETS) as (keyof typeof TARGETS)[]).flatMap((name) =>
    ([1, 2] as const).map((inFlight): Comparison => {
      const frame: Frame = FRAMES[name];
      return {
        name: `lane, ${frame.name}, ${inFlight} in flight, to the seed's host`,
        target: { timesAsFast: TARGETS[name][inFlight - 1] ?? Number.NaN },
        turn: turnOf(frame, 0),
        async prepare() {
          const model = await startModel(python, 0);
          const ours = launchedHost(python, await freePort(), frame, inFlight);
          const theirs = seedHost(python, model.port, frame);
          return { ours, theirs, [Symbol.asyncDispose]: () => inOrder(ours, theirs, model) };
        },
      };
    }),
  );
  const memory = [FRAMES.million, FRAMES.hd, FRAMES.large].flatMap((frame: Frame) =>
    ([1, 2] as const).map(
      (inFlight): Comparison => ({
        name: `lane by memory, ${frame.name}, ${inFlight} in flight, to its socket alone`,
        turn: turnOf(frame, 0),
        async prepare() {
          const ours = laneHost(python, await freePort(), 'memory', frame, inFlight);
          const theirs = laneHost(python, await freePort(), 'socket', frame, inFlight);
          return { ours, theirs, [Symbol.asyncDispose]: () => inOrder(ours, theirs) };
        },
      }),
    ),
  );
  return [...launched, ...memory];
}
