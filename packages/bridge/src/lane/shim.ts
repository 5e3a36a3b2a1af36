// Where the shim lies, and how a Python process is told to load it.
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that has to be readable for the model, and on its PYTHONPATH: it holds sitecustomize.py and nothing else. */
export const shimFolder: string = fileURLToPath(new URL('../../shim/', import.meta.url));

/** The variables that bring a lane to a Python model, and to no other process. */
export interface ShimEnvironment {
  readonly NPBRIDGE_LANE: string;
  readonly PYTHONPATH: string;
}

/**
 * @param options.port the port that the model listens on
 * @param options.socket where the lane is to be, as the model sees it: a path of at most 103 bytes in a folder that the
 *   model may write to, and nobody else but its host may enter
 * @param options.folder where the model sees the shim's folder; default: where it is here
 * @param options.pythonPath the PYTHONPATH that the model has without us
 * @param options.lean the model is short of memory: from the first frame of 32 MiB on it would otherwise keep what it has
 *   once had, which makes such frames twice to three times as fast
 */
export function shimEnvironment(options: {
  readonly port: number;
  readonly socket: string;
  readonly folder?: string;
  readonly pythonPath?: string | undefined;
  readonly lean?: boolean;
}): ShimEnvironment {
  const { port, socket, folder = shimFolder, pythonPath, lean = false } = options;
  return {
    NPBRIDGE_LANE: `${port}${lean ? ',lean' : ''}:${socket}`,
    PYTHONPATH: pythonPath ? `${folder}${delimiter}${pythonPath}` : folder,
  };
}
