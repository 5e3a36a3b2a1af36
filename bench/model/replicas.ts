// Compares two equal models behind one model object with one model alone.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../packages/transport/test/support/free-port.ts';
import { userEnvironment } from '../child.ts';
import type { Comparison } from '../comparison.ts';
import type { Figure } from '../figure.ts';
import { argumentsOf, FRAMES, turnOf } from './frames.ts';
import { inOrder, replicasHost } from './hosts.ts';

const frame = FRAMES.vga;
/** A frame may take so many times as long as with one model. */
const SAME = 1.05;

export function replicas(python: string): readonly Comparison[] {
  return [
    {
      name: `two replicas, 20 ms elsewhere, ${frame.name}, to one`,
      target: { timesAsFast: 1.9 },
      turn: turnOf(frame, 20),
      async prepare() {
        const ours = replicasHost(python, await freePort(), 2, frame);
        const theirs = replicasHost(python, await freePort(), 1, frame);
        return { ours, theirs: [theirs], [Symbol.asyncDispose]: () => inOrder(ours, theirs) };
      },
    },
  ];
}

export function replicaFigures(python: string): readonly Figure[] {
  const p50 = async (count: number): Promise<number> => {
    const script = fileURLToPath(new URL('replicas-host.ts', import.meta.url));
    const args = [script, python, String(await freePort()), String(count), 'p50', ...argumentsOf(frame)];
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, ...args], {
      env: userEnvironment(),
    });
    return Number(stdout);
  };
  return [
    {
      name: `p50 of a frame at two replicas, 20 ms elsewhere, ${frame.name} (at one)`,
      unit: 'ms',
      atMost: { timesControl: SAME },
      measure: () => p50(2),
      control: () => p50(1),
    },
  ];
}
