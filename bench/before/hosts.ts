// Compares this checkout's host with another checkout's: both send frames through a model, by connect and by the lane of launch.

import { freePort } from '../../packages/transport/test/support/free-port.ts';
import type { Comparison } from '../comparison.ts';
import { FRAMES, type Frame, turnOf } from '../model/frames.ts';
import { inOrder, launchedHost, ourHost } from '../model/hosts.ts';
import { startModel } from '../model/model-process.ts';
import type { Tree } from '../tree.ts';
import { AS_FAST } from './target.ts';

export function hostsBefore(python: string, before: Tree): Comparison[] {
  const frames: readonly Frame[] = [FRAMES.small, FRAMES.vga, FRAMES.hd];
  const inFlight = [1, 2] as const;
  return frames.flatMap((frame) =>
    inFlight.flatMap((two): Comparison[] => [
      {
        name: `before: calls, ${frame.name}, ${two} in flight`,
        target: AS_FAST,
        turn: turnOf(frame, 0),
        async prepare() {
          const model = await startModel(python, 0);
          const target = `tcp://127.0.0.1:${model.port}`;
          const ours = ourHost(target, frame, two, { name: 'now' });
          const theirs = ourHost(target, frame, two, { name: 'before', tree: before });
          return { ours, theirs: [theirs], [Symbol.asyncDispose]: () => inOrder(ours, theirs, model) };
        },
      },
      {
        name: `before: lane, ${frame.name}, ${two} in flight`,
        target: AS_FAST,
        turn: turnOf(frame, 0),
        async prepare() {
          const ours = launchedHost(python, await freePort(), frame, two, { name: 'now' });
          const theirs = launchedHost(python, await freePort(), frame, two, { name: 'before', tree: before });
          return { ours, theirs: [theirs], [Symbol.asyncDispose]: () => inOrder(ours, theirs) };
        },
      },
    ]),
  );
}
