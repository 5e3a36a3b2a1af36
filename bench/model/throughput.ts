// Frames a second of our host, beside the seed's own Python host and beside the most that the model can take.
import type { Clock, Comparison } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { ceiling, inOrder, ourHost, seedHost, startModel } from './hosts.ts';

type FrameName = keyof typeof IDLE;

/** What is wanted of each frame at a model that computes for no time: over the seed's host, and of the ceiling. */
const IDLE = {
  small: { one: 1.1, two: 1.6, ceiling: 0.9 },
  vga: { one: 1.05, two: 1.6, ceiling: 0.95 },
  hd: { one: 1.2, two: 1.6, ceiling: 0.95 },
  large: { one: 1.8, two: 1.8, ceiling: 0.95 },
} as const satisfies Partial<Record<keyof typeof FRAMES, unknown>>;
const COMPUTING: Readonly<Record<5 | 20, number>> = { 5: 1.1, 20: 1.03 };
/** A host may take so much of the processor's time that the seed's host takes. */
const CPU_SHARE = 0.6;

export function throughput(python: string): readonly Comparison[] {
  const compare = (
    name: FrameName,
    computeMs: number,
    inFlight: 1 | 2,
    theirs: 'host' | 'ceiling',
    timesAsFast: number | undefined,
    clock?: Clock,
  ): Comparison => {
    const frame: Frame = FRAMES[name];
    const what = clock === 'cpu' ? "host's processor time" : `model of ${computeMs} ms`;
    const whose = theirs === 'host' ? "the seed's host" : 'the ceiling';
    return {
      name: `${what}, ${frame.name}, ${inFlight} in flight, to ${whose}`,
      ...(timesAsFast === undefined ? {} : { target: { timesAsFast } }),
      ...(clock && { clock }),
      turn: turnOf(frame, computeMs),
      async prepare() {
        const model = await startModel(python, computeMs);
        const ours = ourHost(`tcp://127.0.0.1:${model.port}`, frame, inFlight);
        const other = theirs === 'host' ? seedHost(python, model.port, frame) : ceiling(model.port, frame);
        return {
          ours,
          theirs: other,
          [Symbol.asyncDispose]: () => inOrder(ours, other, model),
        };
      },
    };
  };
  const all: Comparison[] = [];
  const names = Object.keys(IDLE) as FrameName[];
  for (const name of names) {
    all.push(compare(name, 0, 2, 'host', IDLE[name].two));
    all.push(compare(name, 0, 2, 'ceiling', IDLE[name].ceiling));
    all.push(compare(name, 0, 1, 'host', IDLE[name].one));
  }
  for (const computeMs of [5, 20] as const) {
    for (const name of names) {
      all.push(compare(name, computeMs, 2, 'host', name === 'vga' ? COMPUTING[computeMs] : undefined));
      all.push(compare(name, computeMs, 1, 'host', undefined));
    }
  }
  for (const name of names) {
    // Where there is little to copy Node's sockets cost more than Python's, whoever uses them.
    const target = name === 'small' ? undefined : 1 / CPU_SHARE;
    for (const inFlight of [1, 2] as const) all.push(compare(name, 0, inFlight, 'host', target, 'cpu'));
  }
  return all;
}
