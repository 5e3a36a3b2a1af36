// The package takes and returns the types of a web page: the pixels of a canvas, the body of a response, a Blob, a message to a
// worker. Every compiler of scripts/check-compilers.mjs compiles this file with the types of a browser alone.
import { array, decode, decodeStream, encode, encodeHeader, encodeParts, prepareArray, readHeader } from '@bridge/npy';
import * as core from '@bridge/npy/core';
import * as numeric from '@bridge/npy/numeric';

export async function received(url: string): Promise<number> {
  const whole = await fetch(url);
  const matrix = decode(await whole.arrayBuffer(), { dtype: 'float32' });
  const { body } = await fetch(url);
  let sum: number = matrix.get(0, 0);
  for await (const each of decodeStream(body, { dtype: 'float32' })) sum += each.get(0, 0);
  for await (const each of core.decodeStream(body, { dtype: 'float32' })) sum += each.data[0] ?? 0;
  for await (const each of decodeStream(new Blob([]).stream())) sum += each.size;
  for await (const each of decodeStream(new Response(null).body)) sum += each.dimension;
  return sum;
}

export async function sent(context: CanvasRenderingContext2D, url: string): Promise<Response> {
  const { data, width, height } = context.getImageData(0, 0, 640, 480);
  const picture = array(data, [height, width, 4]);
  context.putImageData(new ImageData(picture.data, width, height), 0, 0);
  const file = new Blob(encodeParts(picture), { type: 'application/octet-stream' });
  new Blob(core.encodeParts({ data, shape: [height, width, 4] }));
  new Blob(numeric.encodeParts({ data }));
  new Blob(prepareArray(picture).parts());
  new Blob([encodeHeader({ dtype: 'uint8', shape: [height, width, 4] }), data]);
  new Response(encode(picture));
  await fetch(url, { method: 'POST', body: encode(picture) });
  return fetch(url, { method: 'POST', body: file });
}

export function exchanged(socket: WebSocket, worker: Worker): void {
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
    const elements = decode(data, { dtype: 'float32' }).data;
    worker.postMessage(elements, [elements.buffer as ArrayBuffer]);
  };
  socket.send(encode([1, 2, 3]));
  const shared = new SharedArrayBuffer(128);
  readHeader(shared);
  decode(new Uint8Array(shared));
  core.decode(shared, { dtype: 'uint8' });
}

export function drawn(context: CanvasRenderingContext2D, file: Uint8Array): void {
  const { data, shape } = decode(file, { dtype: 'uint8' });
  const [height = 0, width = 0] = shape;
  context.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
}

export function uploaded(gl: WebGL2RenderingContext, file: Uint8Array): void {
  const { data } = decode(file, { dtype: 'float32' });
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R32F, 2, 2, 0, gl.RED, gl.FLOAT, data);
}
