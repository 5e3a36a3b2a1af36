// Fetches an array that another program saved, whole and as a stream.
import { array, decode, decodeStream, encodeParts } from '@bridge/npy';

// In place of the address of a file on a server.
const url = URL.createObjectURL(
  new Blob(
    encodeParts(
      array(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        { dtype: 'float32' },
      ),
    ),
  ),
);

const whole = await fetch(url);
const matrix = decode(await whole.arrayBuffer(), { dtype: 'float32' });
const corner: number = matrix.get(1, 2);
console.log(matrix.shape, corner); // [ 2, 3 ] 6

// One array after the other, each as soon as it is there.
const { body } = await fetch(url);
for await (const each of decodeStream(body, { dtype: 'float32', limits: { maxBytes: 1_000_000 } })) {
  const elements: Float32Array = each.data;
  console.log(elements); // Float32Array(6) [ 1, 2, 3, 4, 5, 6 ]
}
