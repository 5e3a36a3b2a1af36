// The path of the shim's folder, and the variables that make a Python process load it.
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder that the model needs to read and have on its PYTHONPATH. It holds `sitecustomize.py` and the package
 * `npbridge_shim`, and no Python writes to it.
 */
export const shimFolder: string = fileURLToPath(new URL('../../shim/', import.meta.url));

/** The variables that load the shim into a Python model. Other programs ignore them. */
export interface ShimEnvironment {
  readonly NPBRIDGE_LANE: string;
  readonly PYTHONPATH: string;
}

/**
 * Returns the variables that load the shim.
 *
 * @param options.port the port that the model listens on
 * @param options.socket the path of the lane's socket, as the model sees it: at most 103 bytes, in a folder that the model
 *   may write to and that nobody but the model and its host may enter
 * @param options.folder the shim's folder, as the model sees it; default: `shimFolder`
 * @param options.pythonPath the model's own PYTHONPATH
 * @param options.lean the model may not keep memory for frames of 32 MiB and more. Such frames take two to three times as long
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
