// Makes a picture for the example model: dark, with one bright rectangle.
import ndarray from 'ndarray';

/**
 * Returns a picture of height x width x 3, uint8, whose rectangle has its left edge at `x`. The model answers [x, 50, 30, 40, …].
 */
export function picture(x: number, width = 320, height = 240): ndarray.NdArray<Uint8Array> {
  const data = new Uint8Array(width * height * 3);
  for (let row = 50; row < 90; row++) data.fill(220, (row * width + x) * 3, (row * width + x + 30) * 3);
  return ndarray(data, [height, width, 3]);
}
