// Calls of a launched model by its lane, compared with the seed's own Python host, with a model that was rewritten for speed, and
// with the most that the model itself can do. Also compares a lane with shared memory with its socket alone.

import { freePort } from '../../packages/transport/test/support/free-port.ts';
import type { Comparison, Opponent } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from './frames.ts';
import { type Host, inOrder, laneHost, launchedHost, limit, seedHost } from './hosts.ts';
import { startModel } from './model-process.ts';
import { rewritten } from './rewritten.ts';

/** The targets of `timesAsFast`, with one message in flight and with two. */
type OneAndTwo = readonly [one: number | undefined, two: number | undefined];

interface Targets {
  readonly frame: Frame;
  readonly seed: OneAndTwo;
  readonly rewritten?: OneAndTwo;
  readonly limit?: OneAndTwo;
}

const TARGETS: readonly Targets[] = [
  { frame: FRAMES.small, seed: [1.6, 3.0], rewritten: [0.8, 1.0], limit: [undefined, undefined] },
  { frame: FRAMES.vga, seed: [2.9, 3.6], rewritten: [0.9, 1.3], limit: [undefined, 0.8] },
  { frame: FRAMES.hd, seed: [3.3, 4.2], rewritten: [0.9, 1.3], limit: [undefined, 0.7] },
  { frame: FRAMES.large, seed: [2.5, 2.6] },
];

export function lanes(python: string): readonly Comparison[] {
  const launched = TARGETS.flatMap((targets) =>
    ([1, 2] as const).map((inFlight): Comparison => {
      const { frame } = targets;
      return {
        name: `lane, ${frame.name}, ${inFlight} in flight`,
        turn: turnOf(frame, 0),
        async prepare() {
          const model = await startModel(python, 0);
          const ours = launchedHost(python, await freePort(), frame, inFlight);
          const against = (host: Host, oneAndTwo: OneAndTwo): Host & Opponent => {
            const timesAsFast = oneAndTwo[inFlight - 1];
            return { ...host, target: timesAsFast === undefined ? undefined : { timesAsFast } };
          };
          const theirs = [
            against(seedHost(python, model.port, frame, 'default'), targets.seed),
            against(seedHost(python, model.port, frame, 'kept'), targets.seed),
          ];
          if (targets.rewritten) {
            theirs.push(against(await rewritten(python, 'load', frame, inFlight), targets.rewritten));
            theirs.push(await rewritten(python, 'view', frame, inFlight));
          }
          if (targets.limit) theirs.push(against(limit(python, frame), targets.limit));
          return { ours, theirs, [Symbol.asyncDispose]: () => inOrder(ours, ...theirs, model) };
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
          return { ours, theirs: [theirs], [Symbol.asyncDispose]: () => inOrder(ours, theirs) };
        },
      }),
    ),
  );
  return [...launched, ...memory];
}
