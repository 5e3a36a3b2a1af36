// Builds the model's image and runs it in a container, its port published on loopback. The image is the model's own:
// nothing is added to it and nothing in it is changed.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { follow, MODEL_FOLDER, READY_LINE, type RunningModel, STARTUP_MS } from './running-model.ts';

const run = promisify(execFile);
const IMAGE = 'bridge-demo-model';

async function docker(...args: string[]): Promise<string> {
  try {
    // Debian's Docker comes without buildx; the classic builder is enough for this image and in every release.
    const env = { ...process.env, DOCKER_BUILDKIT: process.env['DOCKER_BUILDKIT'] ?? '0' };
    return (await run('docker', args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout.trim();
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`docker ${args[0]}: ${stderr?.trim().split('\n').at(-1) || message}`, { cause: error });
  }
}

/** @param baseImage what the Dockerfile's BASE_IMAGE is to be; undefined leaves its default */
export async function startModelContainer(baseImage: string | undefined): Promise<RunningModel> {
  const base = baseImage === undefined ? [] : ['--build-arg', `BASE_IMAGE=${baseImage}`];
  await docker('build', '--quiet', '--tag', IMAGE, ...base, MODEL_FOLDER);
  const id = await docker(
    'run',
    '--detach',
    '--init',
    '--publish',
    '127.0.0.1::6000',
    '--log-opt',
    'max-size=1m',
    IMAGE,
  );
  const remove = async (): Promise<void> => void (await docker('rm', '--force', '--volumes', id));
  const logs = spawn('docker', ['logs', '--follow', id], { stdio: ['ignore', 'pipe', 'pipe'] });
  const out = follow(logs.stdout, READY_LINE);
  const err = follow(logs.stderr);
  const started = async (): Promise<string> =>
    docker('inspect', '--format', '{{.State.Running}} {{.RestartCount}} {{.State.StartedAt}}', id);
  const timer = AbortSignal.timeout(STARTUP_MS);
  try {
    await Promise.race([
      out.seen,
      once(logs, 'exit').then(() => Promise.reject(new Error(`the container ended:\n${err.last()}`))),
      once(timer, 'abort').then(() => Promise.reject(new Error(`the model did not listen within ${STARTUP_MS} ms`))),
    ]);
    const first = await started();
    const port = (await docker('port', id, '6000/tcp')).split('\n')[0]?.split(':').at(-1);
    return {
      target: `tcp://127.0.0.1:${port}`,
      how: `container ${id.slice(0, 12)} of image ${IMAGE}`,
      untouched: async () => first.startsWith('true 0 ') && (await started()) === first,
      lastWords: err.last,
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
