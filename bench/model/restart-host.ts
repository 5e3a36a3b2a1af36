// Restarts a model while four callers run, as a program of its own: process PYTHON PORT, or container IMAGE. It prints the time to
// service in milliseconds: from the request to restart until the model answers again. A lost call ends it with an error.
import { fileURLToPath } from 'node:url';
import { launch } from '@bridge/bridge/launch';
import { argumentsOf, FRAMES, frameOf } from './frames.ts';
import { sendThrough } from './send.ts';

const CALLERS = 4;
/** The number of frames of each caller before the restart, and after it. */
const FRAMES_EACH = 25;

const [kind, what = '', port] = process.argv.slice(2);
const script = fileURLToPath(new URL('../python/ml_model.py', import.meta.url));
await using launched = await launch(
  kind === 'container'
    ? { image: what, port: 6000 }
    : { command: [what, script, String(port), '0'], port: Number(port) },
);
await using model = launched.connect();
const [dtype, ...sizes] = argumentsOf(FRAMES.vga);
const frame = frameOf(dtype, sizes);
let over = false;
const caller = async (): Promise<void> => {
  while (!over) await sendThrough(model, frame, 1, 1);
};

await sendThrough(model, frame, 1, FRAMES_EACH);
const callers = Promise.all(Array.from({ length: CALLERS }, caller));
await sendThrough(model, frame, 1, FRAMES_EACH);
await launched.restart();
await sendThrough(model, frame, 1, FRAMES_EACH);
over = true;
await callers;
console.log(launched.stats.replicas[0]?.outageMs);
