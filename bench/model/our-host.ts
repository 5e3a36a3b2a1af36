// Our host as a program of its own that child.ts asks: TARGET IN-FLIGHT DTYPE SIZE…
import { connect } from '@bridge/bridge';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';
import { inFlightOf, sendThrough } from './send.ts';

const [target = '', two, dtype, ...sizes] = process.argv.slice(2);
const frame = frameOf(dtype, sizes);
const inFlight = inFlightOf(two);
await using model = connect(target, { inFlight });

await answerRequests((frames) => sendThrough(model, frame, inFlight, frames));
