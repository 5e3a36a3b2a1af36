// The costs of calls other than time: the host's memory for the largest frames, and the longest time for which its event loop
// stands still.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { userEnvironment } from '../child.ts';
import type { Figure } from '../figure.ts';
import { argumentsOf, FRAMES, type Frame } from './frames.ts';
import { startModel } from './model-process.ts';

const run = promisify(execFile);
const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

export function figures(python: string): readonly Figure[] {
  const itself = async (
    what: 'memory' | 'delay' | 'work',
    frame: Frame,
    inFlight: 1 | 2,
    frames: number,
  ): Promise<number> => {
    await using model = await startModel(python, 0);
    const args = [file('one-figure.ts'), String(model.port), String(inFlight), what, String(frames)];
    const { stdout } = await run(process.execPath, [...process.execArgv, ...args, ...argumentsOf(frame)], {
      env: userEnvironment(),
    });
    return Number(stdout);
  };
  const peakOfSeed = async (frame: Frame): Promise<number> => {
    await using model = await startModel(python, 0);
    const args = [file('../python/webcam_stream.py'), '--peak-memory', String(model.port), ...argumentsOf(frame)];
    const { stdout } = await run(python, args, { env: userEnvironment() });
    return Number(stdout);
  };
  const { hd, large } = FRAMES;
  return ([1, 2] as const).flatMap((inFlight): Figure[] => [
    {
      name: `host's memory beside the frame, ${large.name}, ${inFlight} in flight (the seed's host)`,
      unit: 'frames',
      atMost: 1.2,
      measure: () => itself('memory', large, inFlight, 10),
      control: () => peakOfSeed(large),
    },
    {
      name: `host's event loop, ${hd.name}, ${inFlight} in flight (an idle one)`,
      unit: 'ms',
      atMost: 5,
      measure: () => itself('delay', hd, inFlight, 200),
      control: () => itself('delay', hd, inFlight, 0),
    },
    {
      name: `host's event loop at work, ${hd.name}, ${inFlight} in flight (an idle one)`,
      unit: 'ms',
      atMost: 5,
      measure: () => itself('work', hd, inFlight, 200),
      control: () => itself('work', hd, inFlight, 0),
    },
  ]);
}
