// The path of the shim's folder, and the environment variables that make a Python process load the shim. The shim is the lane's end in the
// model's process, written in Python.
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of the shim's folder, which the model has to be able to read and to have on its PYTHONPATH. It holds `sitecustomize.py` and the
 * package `npbridge_shim`. Files of the name `__pycache__` in it keep Python from making folders of that name for its caches.
 */
export const shimFolder: string = fileURLToPath(new URL('../../shim/', import.meta.url));

/** The environment variables that load the shim into a Python model. Other programs ignore them. */
export interface ShimEnvironment {
  readonly NPBRIDGE_LANE: string;
  readonly PYTHONPATH: string;
}

/**
 * Returns the environment variables that load the shim.
 *
 * @param options.port the port on which the model listens
 * @param options.socket the path of the lane's socket, as the model sees it: at most 103 bytes, in a folder to which the model may
 *   write, and which nobody but the model and its host may enter
 * @param options.folder the path of the shim's folder, as the model sees it; default: `shimFolder`
 * @param options.pythonPath the model's own PYTHONPATH
 * @param options.lean true if the model may not keep memory for frames of 32 MiB and more. Such frames take two to three times as long
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
