// Our host with a model that it launches in a container, as a program of its own that child.ts asks: IMAGE lane|exec DTYPE SIZE…
// launch uses `exec` for a model that listens on its container's loopback address alone.
import { launch } from '@bridge/bridge/launch';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';
import { sendThrough } from './send.ts';

const [image = '', way, dtype, ...sizes] = process.argv.slice(2);
const frame = frameOf(dtype, sizes);
const lane = way === 'lane';
await using launched = await launch({ image, port: 6000, lane, env: { MODEL_HOST: lane ? '0.0.0.0' : 'localhost' } });
const taken = lane ? 'messages go by a lane' : 'by docker exec';
const log = launched.logs.tail(20).map(({ text }) => text);
if (!log.some((line) => line.includes(taken))) throw new Error(`not "${taken}", but:\n${log.join('\n')}`);
await using model = launched.connect();

await answerRequests((frames) => sendThrough(model, frame, 1, frames));
