// Sends the pictures of a camera to a model, one after the other, and gets the boxes of each.
import { array, connect } from '@bridge/bridge';

const HEIGHT = 48;
const WIDTH = 64;

/** In place of a camera, which gives bytes without a shape: ffmpeg -i /dev/video0 -f rawvideo -pix_fmt rgb24 - */
async function* camera(): AsyncGenerator<Buffer> {
  for (let n = 0; n < 3; n++) {
    const bytes = Buffer.alloc(HEIGHT * WIDTH * 3);
    for (let y = 0; y < 8; y++) bytes.fill(255, (y * WIDTH + 10 * n) * 3, (y * WIDTH + 10 * n + 8) * 3);
    yield bytes;
  }
}

async function* pictures() {
  for await (const bytes of camera()) yield array(bytes, [HEIGHT, WIDTH, 3]);
}

// A picture without its shape would be refused here, and not by the model.
await using model = connect('tcp://127.0.0.1:6000', {
  input: { dtype: 'uint8', shape: [null, null, 3] },
  output: { dtype: 'float32', shape: [null, 6] },
});
// With { policy: 'latest' } a picture for which there is no time is dropped.
const columns: number[] = [];
for await (const { output } of model.stream(pictures())) columns.push(output.get(0, 0));
console.log(columns); // [ 0, 10, 20 ]
