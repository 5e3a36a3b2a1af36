// Compares the time for which a model is unavailable when it is restarted under load with the time that it takes to start.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../packages/transport/test/support/free-port.ts';
import { userEnvironment } from '../child.ts';
import type { Figure } from '../figure.ts';
import { imageOf, startContainer } from './containers.ts';
import { startModel } from './model-process.ts';

/** The figure of a plain process. */
export function processRestart(python: string): Figure {
  return {
    name: 'time to service of a restart under 4 callers, plain process (its start until it listens)',
    unit: 'ms',
    measure: async () => await outageMs('process', python, String(await freePort())),
    control: () => startMs(() => startModel(python, 0)),
  };
}

export const containerRestart: Figure = {
  name: 'time to service of a restart under 4 callers, container (docker run until it listens)',
  unit: 'ms',
  measure: async () => await outageMs('container', await imageOf('model')),
  control: async () => {
    await imageOf('model');
    return await startMs(() => startContainer('model', { port: 6000 }));
  },
};

async function outageMs(...args: string[]): Promise<number> {
  const script = fileURLToPath(new URL('restart-host.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, script, ...args], {
    env: userEnvironment(),
  });
  return Number(stdout);
}

async function startMs(start: () => Promise<AsyncDisposable>): Promise<number> {
  const at = performance.now();
  await using _ = await start();
  return performance.now() - at;
}
