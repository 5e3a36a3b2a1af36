// Launches the model beside this file.
import { fileURLToPath } from 'node:url';
import type { Launched } from '@bridge/bridge/launch';
import type { Tree } from '../attack.ts';

const MODEL = fileURLToPath(new URL('model.mjs', import.meta.url));

export async function launchesOf(
  tree: Tree,
  { port, mark, maxRestarts }: { readonly port: number; readonly mark: string; readonly maxRestarts: number },
): Promise<Launched> {
  const { launch } = await tree.load('@bridge/bridge/launch');
  return await launch({
    command: [process.execPath, MODEL, `${port}`, mark],
    port,
    maxRestarts,
    lane: false,
    shared: false,
    graceMs: 0,
  });
}
