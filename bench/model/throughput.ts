// Compares the frames a second of our host, which calls the model from outside, with those of the seed's own Python host and with
// the most that the model can take.
import type { Clock, Comparison, Opponent, Target } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { ceiling, type Host, inOrder, ourHost, seedHost } from './hosts.ts';
import { startModel } from './model-process.ts';

/** Our host is as fast as the seed's host, with either kind of memory management. */
const AS_SEED: Target = { timesAsFast: 1 };
const OF_CEILING: Target = { timesAsFast: 0.95 };
/** With two frames of 640x480x3 in flight and a model that computes for so many milliseconds, compared with the seed's host. */
const COMPUTING = { 5: { timesAsFast: 1.1 }, 20: { timesAsFast: 1.03 } } as const satisfies Record<number, Target>;
/** Our host takes 0.6 of the processor time of the seed's host. */
const CPU: Target = { timesAsFast: 1 / 0.6 };

interface Wanted {
  readonly what: string;
  readonly frame: Frame;
  readonly computeMs: number;
  readonly inFlight: 1 | 2;
  /** The target compared with the seed's host. */
  readonly target: Target | undefined;
  /** The target compared with the ceiling, if that is an opponent as well. */
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
        // Node's sockets cost more processor time than Python's, and a small frame costs little else.
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
