// Starts a Python model with the shim in front of its socket.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../transport/test/support/free-port.ts';
import { dialects } from '../../src/dialects/all-dialects.ts';
import { type Lane, type LaneOptions, openLane } from '../../src/lane/lane.ts';
import { shimEnvironment } from '../../src/lane/shim-environment.ts';

const MODEL = fileURLToPath(new URL('../../../../examples/model/ml_model.py', import.meta.url));
/** Servers without NumPy: they answer with the body reversed. */
const SERVERS = fileURLToPath(new URL('models.py', import.meta.url));
const MEMORY = '/dev/shm';

/** The file system of the lane's folder: `memory` is tmpfs. */
export type Where = 'memory' | 'disk';

export interface ShimmedModel extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly port: number;
  /** The path of the lane's socket. */
  readonly path: string;
  /** Returns what the model has written to its standard error. */
  errors(): string;
  /** Aborted when the model's process has ended. */
  readonly ended: AbortSignal;
  /** Opens a new lane to the model, as soon as it waits for messages. */
  open(options?: Partial<LaneOptions>): Promise<Lane>;
}

/** Starts ml_model.py, or a server of models.py by its name. `path`: the lane's path of another model that has ended. */
export async function startShimmed(
  python: string,
  options: { readonly server?: string; readonly where?: Where; readonly path?: string } = {},
): Promise<ShimmedModel> {
  const { server, where = 'memory' } = options;
  const port = await freePort();
  const folder = mkdtempSync(join(where === 'memory' && existsSync(MEMORY) ? MEMORY : tmpdir(), 'npbridge-lane-'));
  const path = options.path ?? join(folder, 'lane.sock');
  const child = spawn(python, server ? [SERVERS, server, String(port)] : [MODEL], {
    env: {
      ...process.env,
      ...shimEnvironment({ port, socket: path }),
      HOST: '127.0.0.1',
      PORT: String(port),
      PYTHONDONTWRITEBYTECODE: '1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  const ended = new AbortController();
  const closed = once(child, 'close').then(() => ended.abort(new Error(`the model has ended: ${errors}`)));
  return {
    child,
    port,
    path,
    errors: () => errors,
    ended: ended.signal,
    open: (more) => openLane(path, { dialect: dialects.seed, ...more, signal: ended.signal }),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
