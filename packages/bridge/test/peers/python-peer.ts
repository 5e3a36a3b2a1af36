// Starts Python servers for tests, each in a process. A server prints `waiting …` when it listens, because a connection to find
// that out would end some of them.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { freePort } from '../../../transport/test/support/free-port.ts';

/** The path of the example model. */
export const ML_MODEL: string = fileURLToPath(new URL('../../../../examples/model/ml_model.py', import.meta.url));

/** Returns the path of a server in this folder. */
export const peer = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

export interface PythonPeer {
  readonly port: number;
  readonly target: string;
  readonly child: ChildProcess;
  alive(): boolean;
  /** Kills the server. */
  kill(): Promise<void>;
}

/** Starts a server that reads HOST and PORT from its environment. It is killed after the test. */
export async function startPeer(
  python: string,
  script: string,
  { port, args = [] }: { port?: number; args?: readonly string[] } = {},
): Promise<PythonPeer> {
  const chosen = port ?? (await freePort());
  const child = spawn(python, [script, ...args], {
    cwd: dirname(script),
    env: {
      ...process.env,
      HOST: '127.0.0.1',
      PORT: String(chosen),
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  onTestFinished(kill);
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk) => String(chunk).includes('waiting') && resolve());
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}: ${said}`)));
  });
  return {
    port: chosen,
    target: `tcp://127.0.0.1:${chosen}`,
    child,
    alive: () => child.exitCode === null && child.signalCode === null,
    kill,
  };
}
