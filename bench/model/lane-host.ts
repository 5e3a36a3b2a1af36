// Our host at a model's lane, with shared memory or without, as a program of its own that child.ts asks:
// PYTHON PORT memory|socket IN-FLIGHT DTYPE SIZE…  launch has no such choice and uses memory if the folder is on tmpfs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, dialects } from '@bridge/bridge';
import { openLane } from '../../packages/bridge/src/lane/lane.ts';
import { shimEnvironment } from '../../packages/bridge/src/lane/shim-environment.ts';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';
import { inFlightOf, sendThrough } from './send.ts';

const [python = 'python3', port, way, two, dtype, ...sizes] = process.argv.slice(2);
const script = fileURLToPath(new URL('../python/ml_model.py', import.meta.url));
const folder = mkdtempSync('/dev/shm/npbridge-bench-');
const socket = join(folder, 'lane.sock');
const child = spawn(python, [script, String(port), '0'], {
  env: { ...process.env, ...shimEnvironment({ port: Number(port), socket }) },
  stdio: ['ignore', 'ignore', 'inherit'],
});
const ended = new AbortController();
const closed = once(child, 'close').then(() => ended.abort(new Error('the model has ended')));
try {
  const without = way === 'socket' ? { memoryBytes: Number.POSITIVE_INFINITY } : {};
  const carrier = await openLane(socket, { dialect: dialects.seed, ...without, signal: ended.signal });
  const inFlight = inFlightOf(two);
  await using model = connect(carrier, { inFlight });
  const frame = frameOf(dtype, sizes);
  await answerRequests((frames) => sendThrough(model, frame, inFlight, frames));
} finally {
  child.kill('SIGKILL');
  await closed;
  rmSync(folder, { recursive: true, force: true });
}
