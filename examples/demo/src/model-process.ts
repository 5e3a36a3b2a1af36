// Runs ml_model.py as a process of this machine's Python.
import { spawn } from 'node:child_process';
import { freePort } from '../../../packages/transport/test/support/free-port.ts';
import { follow } from './model-program.ts';
import { MODEL_FOLDER, type RunningModel } from './running-model.ts';

/**
 * @param python a Python that has NumPy
 * @param stop gives up while the model is being started
 */
export async function startModelProcess(
  python: string,
  stop: AbortSignal = new AbortController().signal,
): Promise<RunningModel> {
  const port = await freePort();
  const child = spawn(python, ['ml_model.py'], {
    cwd: MODEL_FOLDER,
    env: { ...process.env, HOST: '127.0.0.1', PORT: String(port), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const model = follow(child);
  // The model keeps nothing that a gentler end would save, and a wedged model reacts to no other signal.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const end = async (): Promise<void> => {
    kill();
    await model.ended;
    process.off('exit', kill);
  };
  try {
    await model.listening(stop);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    target: `tcp://127.0.0.1:${port}`,
    how: `${python} ml_model.py, process ${child.pid}`,
    untouched: async () => !model.hasEnded(),
    lastWords: model.lastWords,
    [Symbol.asyncDispose]: end,
  };
}
