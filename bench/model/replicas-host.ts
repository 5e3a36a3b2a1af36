// Our host with equal models, as a program of its own: PYTHON PORT REPLICAS p50|requests DTYPE SIZE…  The models wait for 20 ms, as
// for a graphics card. With `p50` it prints the median latency of a frame in milliseconds; with `requests` child.ts asks it.
import { fileURLToPath } from 'node:url';
import { launch } from '@bridge/bridge/launch';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';

const COMPUTE_MS = 20;
const P50_FRAMES = 200;

const [python = 'python3', port, replicas, what, dtype, ...sizes] = process.argv.slice(2);
const script = fileURLToPath(new URL('../python/ml_model.py', import.meta.url));
const frame = frameOf(dtype, sizes);
await using launched = await launch({
  command: (replica) => [python, script, String(Number(port) + replica), String(COMPUTE_MS), 'elsewhere'],
  port: (replica) => Number(port) + replica,
  replicas: Number(replicas),
});
await using model = launched.connect();

/** Runs as many callers as models, each with one frame after the other. A stream would count the time in which frames wait. */
async function send(frames: number): Promise<void> {
  let left = frames;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await model.call(frame);
  };
  await Promise.all(Array.from({ length: Number(replicas) }, caller));
}

if (what === 'p50') {
  await send(P50_FRAMES);
  console.log(model.stats.latencyMs.p50);
} else await answerRequests(send);
