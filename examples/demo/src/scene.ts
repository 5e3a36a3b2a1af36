// A moving scene whose boxes are known: bright rectangles and discs on dark noise, each bouncing inside a band of its
// own so that no two ever touch. The same frames in every run.
import ndarray from 'ndarray';
import type { Box } from './box.ts';

export const WIDTH = 640;
export const HEIGHT = 480;

/** One frame, 480 x 640 x 3 uint8, and where its shapes are. */
export interface Frame {
  readonly picture: ndarray.NdArray<Uint8Array>;
  readonly boxes: readonly Box[];
}

interface Shape {
  readonly disc: boolean;
  readonly width: number;
  readonly height: number;
  readonly colour: readonly [number, number, number];
  /** The rows that are this shape's own. */
  readonly top: number;
  readonly bottom: number;
  /** Pixels a frame. */
  readonly dx: number;
  readonly dy: number;
}

const SHAPES: readonly Shape[] = [
  { disc: false, width: 70, height: 50, colour: [230, 60, 50], top: 4, bottom: 116, dx: 5, dy: 2 },
  { disc: true, width: 61, height: 61, colour: [60, 220, 70], top: 124, bottom: 236, dx: 3, dy: 3 },
  { disc: false, width: 40, height: 90, colour: [70, 90, 240], top: 244, bottom: 356, dx: 7, dy: 1 },
  { disc: true, width: 81, height: 81, colour: [235, 235, 230], top: 364, bottom: 476, dx: 4, dy: 2 },
];

/** Background brightness stays below this. */
const NOISE = 40;
const NOISE_PICTURES = 4;

/** The frames of the scene, one after the other. Each has memory of its own. */
export function* scene(frames: number): Generator<Frame, undefined> {
  const backgrounds = Array.from({ length: NOISE_PICTURES }, (_, i) => noise(i + 1));
  for (let frame = 0; frame < frames; frame++) {
    const data = Uint8Array.from(backgrounds[frame % NOISE_PICTURES] as Uint8Array);
    const boxes = SHAPES.map((shape) => place(shape, frame));
    for (const [i, shape] of SHAPES.entries()) paint(data, shape, boxes[i] as Box);
    yield { picture: ndarray(data, [HEIGHT, WIDTH, 3]), boxes };
  }
}

/** Returns the place of a shape in that frame. */
function place({ width, height, top, bottom, dx, dy }: Shape, frame: number): Box {
  return { x: bounce(frame * dx, WIDTH - width), y: top + bounce(frame * dy, bottom - top - height), width, height };
}

/** There and back between 0 and `range`. */
function bounce(distance: number, range: number): number {
  const at = distance % (2 * range);
  return at <= range ? at : 2 * range - at;
}

function paint(data: Uint8Array, { disc, colour }: Shape, box: Box): void {
  const radius = (box.width - 1) / 2;
  for (let row = 0; row < box.height; row++) {
    // A disc's row is as wide as the circle is there; its box is met exactly at the four ends.
    const half = disc ? Math.floor(Math.sqrt(radius * radius - (row - radius) * (row - radius))) : radius;
    const from = disc ? box.x + radius - half : box.x;
    const to = disc ? box.x + radius + half : box.x + box.width - 1;
    for (let x = from; x <= to; x++) data.set(colour, ((box.y + row) * WIDTH + x) * 3);
  }
}

/** Dark pseudo-random bytes: a linear congruential generator (Numerical Recipes' constants). */
function noise(seed: number): Uint8Array {
  const bytes = new Uint8Array(WIDTH * HEIGHT * 3);
  let state = seed;
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[i] = (state >>> 16) % NOISE;
  }
  return bytes;
}
