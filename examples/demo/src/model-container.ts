// Builds the model's image and runs it in a container, its port published on loopback. The image is the model's own:
// nothing is added to it and nothing in it is changed. The container goes with the demo, however that ends.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { follow } from './model-program.ts';
import { MODEL_FOLDER, type RunningModel } from './running-model.ts';

const run = promisify(execFile);
const IMAGE = 'bridge-demo-model';

/** The time that an engine may take to remove a container. */
const REMOVAL_MS = 30_000;

// Debian's Docker comes without buildx; the classic builder is enough for this image and in every release.
const env = { ...process.env, DOCKER_BUILDKIT: process.env['DOCKER_BUILDKIT'] ?? '0' };

async function docker(args: readonly string[], signal?: AbortSignal): Promise<string> {
  try {
    return (await run('docker', args, { env, maxBuffer: 64 * 1024 * 1024, signal })).stdout.trim();
  } catch (error) {
    signal?.throwIfAborted();
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`docker ${args[0]}: ${stderr?.trim().split('\n').at(-1) || message}`, { cause: error });
  }
}

/**
 * @param baseImage what the Dockerfile's BASE_IMAGE is to be; undefined leaves its default
 * @param stop gives up while the model is being built or started
 */
export async function startModelContainer(baseImage: string | undefined, stop: AbortSignal): Promise<RunningModel> {
  const base = baseImage === undefined ? [] : ['--build-arg', `BASE_IMAGE=${baseImage}`];
  await docker(['build', '--quiet', '--force-rm', '--tag', IMAGE, ...base, MODEL_FOLDER], stop);

  const name = `${IMAGE}-${randomUUID().slice(0, 8)}`;
  // Not detached: what the model says is read from its first word on, and the client ends when the container does.
  const options = ['--rm', '--init', '--publish', '127.0.0.1::6000', '--log-opt', 'max-size=1m', '--name', name];
  const client = spawn('docker', ['run', ...options, IMAGE], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const model = follow(client);
  const remove = ['rm', '--force', '--volumes', name];
  const removeAtExit = (): void => void spawnSync('docker', remove, { env });
  process.once('exit', removeAtExit);
  const end = async (): Promise<void> => {
    // A container that is only being made cannot be removed yet: asked again until its client is gone.
    for (const deadline = Date.now() + REMOVAL_MS; !model.hasEnded(); ) {
      await docker(remove, AbortSignal.timeout(REMOVAL_MS)).catch((error) => {
        if (Date.now() > deadline) throw error;
      });
      await Promise.race([model.ended, sleep(200)]);
    }
    process.off('exit', removeAtExit);
  };
  const started = async (): Promise<string> =>
    docker(['inspect', '--format', '{{.State.Running}} {{.RestartCount}} {{.State.StartedAt}}', name]);
  try {
    await model.listening(stop);
    const first = await started();
    const port = (await docker(['port', name, '6000/tcp'])).split('\n')[0]?.split(':').at(-1);
    return {
      target: `tcp://127.0.0.1:${port}`,
      how: `container ${name} of image ${IMAGE}`,
      untouched: async () => !model.hasEnded() && first.startsWith('true 0 ') && (await started()) === first,
      lastWords: model.lastWords,
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
