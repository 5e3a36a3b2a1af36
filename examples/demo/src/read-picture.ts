// Pictures from files: PNG and JPEG. A JPEG is decoded by libjpeg's own code (mozjpeg in WebAssembly), so that its pixels
// are those that Pillow and OpenCV see, and turned the way its EXIF orientation says.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import jpeg, { init } from '@jsquash/jpeg/decode.js';
import ndarray from 'ndarray';
import { PNG } from 'pngjs';
import type { Picture } from './picture.ts';

/** Rows of pixels, four bytes each: red, green, blue, alpha. */
interface Rgba {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** Reads a PNG or JPEG; alpha is dropped. Rejects with a message that names the file and says what is wrong with it. */
export async function readPicture(path: string): Promise<Picture> {
  const { width, height, data } = await decodeFile(path);
  const rgb = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = data[from] as number;
    rgb[to + 1] = data[from + 1] as number;
    rgb[to + 2] = data[from + 2] as number;
  }
  return ndarray(rgb, [height, width, 3]);
}

async function decodeFile(path: string): Promise<Rgba> {
  let as = '';
  try {
    const file = await readFile(path);
    if (file[0] === 0x89 && file.toString('latin1', 1, 4) === 'PNG') {
      as = ' as a PNG';
      return decodePng(file);
    }
    if (file[0] === 0xff && file[1] === 0xd8) {
      as = ' as a JPEG';
      return await decodeJpeg(file);
    }
  } catch (cause) {
    throw new Error(`${path} cannot be read${as}: ${(cause as Error).message}`, { cause });
  }
  throw new Error(`${path} is neither a PNG nor a JPEG`);
}

/** One GiB as red, green, blue, alpha. A file of a few bytes can promise far more. */
const MAX_PIXELS = 2 ** 28;

function decodePng(file: Buffer): Rgba {
  // The first chunk is the header: its length, "IHDR", width, height.
  const [width, height] = file.length < 24 ? [0, 0] : [file.readUInt32BE(16), file.readUInt32BE(20)];
  if (width * height > MAX_PIXELS) throw new Error(`${width} x ${height} pixels are more than ${MAX_PIXELS}`);
  try {
    return PNG.sync.read(file);
  } catch (cause) {
    throw new Error(`it is damaged or cut short (${(cause as Error).message})`, { cause });
  }
}

const DECODER = fileURLToPath(import.meta.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));

/** @throws Error in the decoder's words; also for a file that is cut short, which the decoder would fill with grey */
async function decodeJpeg(file: Buffer): Promise<Rgba> {
  const said: string[] = [];
  // The package's own way to its WebAssembly is fetch, which in Node takes no file.
  const options = {
    noInitialRun: true,
    wasmBinary: await readFile(DECODER),
    printErr: (line: string) => said.push(line),
  };
  await init(options);
  let picture: Rgba;
  try {
    picture = await jpeg(new Uint8Array(file).buffer, { preserveOrientation: true });
  } catch (cause) {
    throw new Error(said.at(-1) ?? 'the decoder gave up', { cause });
  }
  const cut = said.find((line) => /premature end/i.test(line));
  if (cut !== undefined) throw new Error(cut);
  return picture;
}
