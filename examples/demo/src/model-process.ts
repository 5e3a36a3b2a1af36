// Runs ml_model.py as a process of this machine's Python.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { follow, MODEL_FOLDER, READY_LINE, type RunningModel, STARTUP_MS } from './running-model.ts';

/** @param python a Python that has NumPy */
export async function startModelProcess(python: string): Promise<RunningModel> {
  const port = await freePort();
  const child = spawn(python, ['ml_model.py'], {
    cwd: MODEL_FOLDER,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out = follow(child.stdout, READY_LINE);
  const err = follow(child.stderr);
  const timer = AbortSignal.timeout(STARTUP_MS);
  await Promise.race([
    out.seen,
    once(child, 'error').then(([error]) => Promise.reject(error)),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the model ended with ${code}:\n${err.last()}`))),
    once(timer, 'abort').then(() => Promise.reject(new Error(`the model did not listen within ${STARTUP_MS} ms`))),
  ]).catch((error) => {
    child.kill('SIGKILL');
    throw error;
  });
  return {
    target: `tcp://127.0.0.1:${port}`,
    how: `${python} ml_model.py, process ${child.pid}`,
    untouched: async () => child.exitCode === null && child.signalCode === null,
    lastWords: err.last,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    },
  };
}

/** A port that nothing listens on. The model takes it in a moment; nobody else is expected to. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
