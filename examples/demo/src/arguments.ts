// The options of the demo's command line, and their parser.
import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run demo -- [--image FILE] [--docker] [--frames N] [--out FILE]
  --image FILE  one PNG or JPEG of your own, instead of the built-in scene
  --docker      the model in a container, instead of a process
  --frames N    how many frames of the scene (300)
  --out FILE    the PNG with the boxes (examples/demo/out/demo.png)
  --system      system packages may be installed where they are missing (apt, root)`;

export interface Arguments {
  readonly help: boolean;
  /** A PNG or JPEG; undefined for the scene. */
  readonly image: string | undefined;
  readonly docker: boolean;
  readonly frames: number;
  readonly out: string;
}

/** The command line cannot be understood; the usage should be shown. */
export class UsageError extends Error {}

/** @throws UsageError */
export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args);
  const frames = Number(values.frames);
  if (!Number.isInteger(frames) || frames < 1) {
    throw new UsageError(`--frames wants a number from 1, not ${values.frames}`);
  }
  return { help: values.help, image: values.image, docker: values.docker, frames, out: values.out };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        image: { type: 'string' },
        docker: { type: 'boolean', default: false },
        frames: { type: 'string', default: '300' },
        out: { type: 'string', default: 'examples/demo/out/demo.png' },
      },
    }).values;
  } catch (cause) {
    // Node's further sentences are about arguments that start with a dash.
    throw new UsageError((cause as Error).message.split('. ')[0], { cause });
  }
}
