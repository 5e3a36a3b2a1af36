// Gives up a call, and a stream, whose answers nobody needs any more.
import { array, connect } from '@bridge/bridge';

const picture = array(new Uint8Array(480 * 640 * 3), [480, 640, 3]);
await using model = connect('tcp://127.0.0.1:6000');

const left = new AbortController();
const call = model.call(picture, { signal: left.signal });
left.abort(new Error('the user has left'));
await call.catch((error) => console.log(error.message)); // the user has left

// A message that was begun is sent to its end all the same, so the model lives and answers the next one.
const boxes = await model.call(picture, { signal: AbortSignal.timeout(60_000) });
console.log(boxes.shape); // [ 0, 6 ]

async function* forever() {
  for (;;) yield picture;
}
const stop = new AbortController();
let answers = 0;
try {
  for await (const { output } of model.stream(forever(), { signal: stop.signal })) {
    if (output.shape.length === 2 && ++answers === 3) stop.abort(new Error('three are enough'));
  }
} catch (error) {
  if (error !== stop.signal.reason) throw error;
  console.log(answers); // 3
}
