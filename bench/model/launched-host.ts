// Our host with a model that it launches, as a program of its own that child.ts asks: PYTHON PORT IN-FLIGHT DTYPE SIZE…
import { fileURLToPath } from 'node:url';
import { launch } from '@bridge/bridge/launch';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';
import { inFlightOf, sendThrough } from './send.ts';

const [python = 'python3', port, two, dtype, ...sizes] = process.argv.slice(2);
const script = fileURLToPath(new URL('../python/ml_model.py', import.meta.url));
const frame = frameOf(dtype, sizes);
const inFlight = inFlightOf(two);
await using launched = await launch({ command: [python, script, String(port), '0'], port: Number(port) });
const [replica] = launched.stats.replicas;
if (replica?.state.phase !== 'up' || replica.state.by !== 'lane') throw new Error('the model has no lane');
await using model = launched.connect({ inFlight });

await answerRequests((frames) => sendThrough(model, frame, inFlight, frames));
