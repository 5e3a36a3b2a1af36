// Calls a model that is running already: python3 ml_model.py
import { array, connect } from '@bridge/bridge';

// A bright rectangle, 40 wide and 20 high.
const picture = array(new Uint8Array(480 * 640 * 3), [480, 640, 3]);
for (let y = 200; y < 220; y++) for (let x = 300; x < 340; x++) picture.set(y, x, 1, 255);

await using model = connect('tcp://127.0.0.1:6000', { output: { dtype: 'float32', shape: [null, 6] } });
const boxes = await model.call(picture, { timeoutMs: 60_000 });
const score: number = boxes.get(0, 4);
console.log(boxes.shape, score); // [ 1, 6 ] 1
const numbers: Float32Array = boxes.data;
console.log([...numbers]); // [ 300, 200, 40, 20, 1, 1 ]
