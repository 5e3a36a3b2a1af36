// Runs a relay process between hosts and a model: `npbridge relay`, as a user starts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ModelProcess } from './model-process.ts';

const NPBRIDGE = fileURLToPath(new URL('../../src/cli/npbridge.ts', import.meta.url));

export interface RelayProcess extends AsyncDisposable {
  /** The address that hosts call. */
  readonly target: string;
  readonly port: number;
}

/** Starts a relay to a model. @throws Error if the relay does not print its address */
export async function startRelay(model: ModelProcess): Promise<RelayProcess> {
  const command = ['relay', '--from', 'tcp://127.0.0.1:0', '--to', model.target];
  const child = spawn(process.execPath, ['--conditions=@bridge/source', NPBRIDGE, ...command], {
    // The relay reports hosts that were killed on its standard error.
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const first = once(createInterface({ input: child.stdout }), 'line');
  const [target] = await Promise.race([first, ended.then(([code]) => Promise.reject(new Error(`it ended: ${code}`)))]);
  return {
    target,
    port: Number(new URL(target).port),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
