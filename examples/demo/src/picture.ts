// Pictures as arrays: boxes drawn on them, and PNG files of them. How they are read is in read-picture.ts.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import ndarray from 'ndarray';
import { PNG } from 'pngjs';
import type { Detection } from './box.ts';

/** A picture of height x width x 3 bytes: red, green, blue. */
export type Picture = ndarray.NdArray<Uint8Array>;

const OUTLINE = [255, 220, 0] as const;
const OUTLINE_PIXELS = 2;

/** A copy of the picture with the outline of every box. */
export function drawBoxes(picture: Picture, boxes: readonly Detection[]): Picture {
  const copy = ndarray(Uint8Array.from(picture.data), picture.shape, picture.stride, picture.offset);
  const [height = 0, width = 0] = picture.shape;
  const dot = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < width && y < height) for (const [c, v] of OUTLINE.entries()) copy.set(y, x, c, v);
  };
  for (const box of boxes) {
    // Outside of the box, so that what was found stays visible.
    for (let k = 1; k <= OUTLINE_PIXELS; k++) {
      for (let x = box.x - k; x < box.x + box.width + k; x++) {
        dot(x, box.y - k);
        dot(x, box.y + box.height - 1 + k);
      }
      for (let y = box.y - k; y < box.y + box.height + k; y++) {
        dot(box.x - k, y);
        dot(box.x + box.width - 1 + k, y);
      }
    }
  }
  return copy;
}

/** Writes a PNG, making its folder where it is missing. */
export async function writePicture(path: string, picture: Picture): Promise<void> {
  const [height = 0, width = 0] = picture.shape;
  const png = new PNG({ width, height, colorType: 2, inputColorType: 2, inputHasAlpha: false });
  png.data = Buffer.from(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, PNG.sync.write(png, { colorType: 2, inputColorType: 2, inputHasAlpha: false }));
}
