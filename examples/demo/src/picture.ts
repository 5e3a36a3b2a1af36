// Pictures in files: PNG and JPEG in, PNG out, and boxes drawn on them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import jpeg from 'jpeg-js';
import ndarray from 'ndarray';
import { PNG } from 'pngjs';
import type { Detection } from './box.ts';

/** A picture of height x width x 3 bytes: red, green, blue. */
export type Picture = ndarray.NdArray<Uint8Array>;

/** Reads a PNG or JPEG; alpha is dropped. */
export async function readPicture(path: string): Promise<Picture> {
  const file = await readFile(path);
  const { width, height, data } = decodeRgba(file, path);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) rgb.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  return ndarray(rgb, [height, width, 3]);
}

function decodeRgba(file: Buffer, path: string): { width: number; height: number; data: Uint8Array } {
  if (file[0] === 0x89 && file.toString('latin1', 1, 4) === 'PNG') return PNG.sync.read(file);
  if (file[0] === 0xff && file[1] === 0xd8) return jpeg.decode(file, { useTArray: true, maxMemoryUsageInMB: 2048 });
  throw new Error(`${path} is neither a PNG nor a JPEG`);
}

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
