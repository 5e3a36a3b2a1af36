// Runs the seed's model in a process beside the hosts that call it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { listening } from '@bridge/transport/machine';
import { freePort } from '../../packages/transport/test/support/free-port.ts';
import { userEnvironment } from '../child.ts';

/** The pause between two checks whether a model listens. */
export const LOOK_MS = 5;

/** A model that listens. Disposing kills it. */
export interface ModelProcess extends AsyncDisposable {
  readonly port: number;
}

/** @throws Error when the model ends before it listens */
export async function startModel(python: string, computeMs: number): Promise<ModelProcess> {
  const port = await freePort();
  const script = fileURLToPath(new URL('../python/ml_model.py', import.meta.url));
  const child = spawn(python, [script, String(port), String(computeMs)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: userEnvironment(),
  });
  const ended = once(child, 'exit');
  while (!(await listening({ host: '127.0.0.1', port }))) {
    if (isOver(child)) throw new Error('the model ended before it listened');
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
