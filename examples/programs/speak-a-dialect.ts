// Says how a Python program frames its messages, where no dialect of the package fits: here ten digits and what np.save wrote, answered by
// what np.save wrote and nothing in front of it.
import { array, asciiLength, connect, type Dialect, npyMessage } from '@bridge/bridge';

const dialect: Dialect = { request: asciiLength({ width: 10 }), reply: npyMessage() };

await using model = connect('tcp://127.0.0.1:6000', { dialect, output: { dtype: 'float32' } });
const boxes = await model.call(array(new Uint8Array(48 * 64 * 3), [48, 64, 3]));
const numbers: Float32Array = boxes.data;
console.log(boxes.shape, numbers.length); // [ 0, 6 ] 0
