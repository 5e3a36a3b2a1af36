// Our host as a program of its own, asked by child.ts: PORT IN-FLIGHT DTYPE SIZE…
import { connect } from '@bridge/bridge';
import { frameOf } from './frames.ts';
import { answerRequests } from './requests.ts';

const [port, inFlight, dtype, ...sizes] = process.argv.slice(2);
const frame = frameOf(dtype, sizes);
await using model = connect(`tcp://localhost:${port}`, { inFlight: inFlight === '2' ? 2 : 1 });

async function one(frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) check((await model.call(frame)).shape);
}

async function two(frames: number): Promise<void> {
  const source = (function* () {
    for (let i = 0; i < frames; i++) yield frame;
  })();
  for await (const { output } of model.stream(source)) check(output.shape);
}

function check(shape: readonly number[]): void {
  if (shape[0] !== 10 || shape[1] !== 6) throw new Error(`ten boxes were to come, not ${shape.join(' x ')}`);
}

await answerRequests(inFlight === '2' ? two : one);
