// Boxes as the model gives them, and how well two sets of them agree.
import type ndarray from 'ndarray';

/** A box in pixels from the top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One box as the model reports it. */
export interface Detection extends Box {
  /** 0 to 1. */
  readonly score: number;
  /** 0, 1, 2: the dominant channel; 3: white or grey. */
  readonly class: number;
}

/** The rows of the model's N x 6 reply. */
export function detections(boxes: ndarray.NdArray<Float32Array>): Detection[] {
  const [rows = 0, columns = 0] = boxes.shape;
  if (columns !== 6) throw new Error(`expected N x 6 boxes, the model sent ${boxes.shape.join(' x ')}`);
  return Array.from({ length: rows }, (_, i) => {
    const at = (column: number): number => boxes.get(i, column);
    return { x: at(0), y: at(1), width: at(2), height: at(3), score: at(4), class: at(5) };
  });
}

/** Intersection over union, 0 to 1. */
export function iou(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a.width * a.height + b.width * b.height - shared);
}

/** From this agreement on a box counts as found. */
const MIN_FOUND_IOU = 0.5;

/** The agreement of one frame's boxes with the true ones. */
export interface Agreement {
  /** One value per true box: its intersection over union with the box that was matched to it; 0 if no box is left to match. */
  readonly ious: readonly number[];
  /** True boxes whose match agrees by at least half. */
  readonly found: number;
  /** Boxes that are no true box's find. */
  readonly extra: number;
}

/** Matches each true box with the best box that no other true box has taken, the best pair first. */
export function agreement(truth: readonly Box[], boxes: readonly Box[]): Agreement {
  const pairs = truth.flatMap((t, i) => boxes.map((box, j) => ({ i, j, value: iou(t, box) })));
  const ious = truth.map(() => 0);
  const taken = new Set<number>();
  const matched = new Set<number>();
  for (const { i, j, value } of pairs.sort((a, b) => b.value - a.value)) {
    if (value === 0 || matched.has(i) || taken.has(j)) continue;
    matched.add(i);
    taken.add(j);
    ious[i] = value;
  }
  const found = ious.filter((value) => value >= MIN_FOUND_IOU).length;
  return { ious, found, extra: boxes.length - found };
}
