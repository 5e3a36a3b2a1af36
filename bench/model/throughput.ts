// Frames a second of our host from outside of the model, beside the seed's own Python host and beside the most that the model can
// take.
import type { Clock, Comparison, Opponent, Target } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { ceiling, type Host, inOrder, ourHost, seedHost } from './hosts.ts';
import { startModel } from './model-process.ts';

/** Ours is as fast as the seed's host, with its memory kept and without. */
const AS_SEED: Target = { timesAsFast: 1 };
const OF_CEILING: Target = { timesAsFast: 0.95 };
/** Two in flight, 640x480x3, at a model that computes for so many milliseconds, of the seed's host. */
const COMPUTING = { 5: { timesAsFast: 1.1 }, 20: { timesAsFast: 1.03 } } as const satisfies Record<number, Target>;
/** Ours takes 0.6 of the processor time of the seed's host. */
const CPU: Target = { timesAsFast: 1 / 0.6 };

interface Wanted {
  readonly what: string;
  readonly frame: Frame;
  readonly computeMs: number;
  readonly inFlight: 1 | 2;
  /** Beside the seed's host. */
  readonly target: Target | undefined;
  /** Set where the ceiling is an opponent as well. */
  readonly ofCeiling?: Target;
  readonly clock?: Clock;
}

export function throughput(python: string): readonly Comparison[] {
  const frames: readonly Frame[] = [FRAMES.small, FRAMES.vga, FRAMES.hd, FRAMES.large];
  const what = 'model of';
  return [
    ...frames.flatMap((frame) => [
      compare(python, { what: `${what} 0 ms`, frame, computeMs: 0, inFlight: 1, target: AS_SEED }),
      compare(python, {
        what: `${what} 0 ms`,
        frame,
        computeMs: 0,
        inFlight: 2,
        target: AS_SEED,
        ofCeiling: OF_CEILING,
      }),
    ]),
    ...([5, 20] as const).flatMap((computeMs) =>
      frames.flatMap((frame) =>
        ([1, 2] as const).map((inFlight) => {
          const target = frame === FRAMES.vga && inFlight === 2 ? COMPUTING[computeMs] : undefined;
          return compare(python, { what: `${what} ${computeMs} ms`, frame, computeMs, inFlight, target });
        }),
      ),
    ),
    ...frames.flatMap((frame) =>
      ([1, 2] as const).map((inFlight) => {
        // Node's sockets cost more than Python's, whoever uses them, and a small frame has little else.
        const target = frame === FRAMES.small ? undefined : CPU;
        return compare(python, { what: "host's processor time", frame, computeMs: 0, inFlight, target, clock: 'cpu' });
      }),
    ),
  ];
}

function compare(python: string, wanted: Wanted): Comparison {
  const { what, frame, computeMs, inFlight, target, ofCeiling, clock } = wanted;
  return {
    name: `${what}, ${frame.name}, ${inFlight} in flight`,
    ...(clock && { clock }),
    turn: turnOf(frame, computeMs),
    async prepare() {
      const model = await startModel(python, computeMs);
      const ours = ourHost(`tcp://127.0.0.1:${model.port}`, frame, inFlight);
      const theirs: (Host & Opponent)[] = [
        { ...seedHost(python, model.port, frame, 'default'), target },
        { ...seedHost(python, model.port, frame, 'kept'), target },
      ];
      if (ofCeiling) theirs.push({ ...ceiling(model.port, frame), target: ofCeiling });
      return { ours, theirs, [Symbol.asyncDispose]: () => inOrder(ours, ...theirs, model) };
    },
  };
}
