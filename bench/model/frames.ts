// The frames: pictures of the sizes that cameras have, and a very large one.
import type { Turn } from '../comparison.ts';

export interface Frame {
  readonly name: string;
  readonly dtype: 'uint8' | 'float32';
  readonly shape: readonly number[];
  /** V8 compiles a host that sends thousands of small frames a second piece by piece during its first seconds. */
  readonly warmUpSeconds: number;
}

export const FRAMES = {
  small: { name: '1 KB', dtype: 'uint8', shape: [16, 16, 4], warmUpSeconds: 12 },
  vga: { name: '640x480x3', dtype: 'uint8', shape: [480, 640, 3], warmUpSeconds: 3 },
  hd: { name: '1080p', dtype: 'uint8', shape: [1080, 1920, 3], warmUpSeconds: 1 },
  million: { name: '1 MB', dtype: 'uint8', shape: [1024, 1024], warmUpSeconds: 2 },
  large: { name: '4K f4', dtype: 'float32', shape: [2160, 3840, 3], warmUpSeconds: 1 },
} as const satisfies Record<string, Frame>;

/** Returns an array of zeros for the arguments of a command line: dtype, then the sizes. */
export function frameOf(
  dtype: string | undefined,
  sizes: readonly string[],
): { data: Uint8Array | Float32Array; shape: number[] } {
  const shape = sizes.map(Number);
  const elements = shape.reduce((product, size) => product * size, 1);
  return { data: dtype === 'float32' ? new Float32Array(elements) : new Uint8Array(elements), shape };
}

/** The fewest frames of a turn: with two in flight the first and the last of them have no company. */
const LEAST_FRAMES = 12;

/** Returns the turn of a host that sends such frames to a model that computes for `computeMs`. */
export function turnOf({ warmUpSeconds }: Frame, computeMs: number): Turn {
  // While a model computes, the host has time to spare, so no bound depends on its compilation.
  if (computeMs > 0) return { seconds: 0.7, leastRepeats: LEAST_FRAMES, warmUpSeconds: Math.min(3, warmUpSeconds) };
  return { seconds: 0.25, leastRepeats: LEAST_FRAMES, warmUpSeconds };
}

/** Returns the frame as arguments of a command line. */
export function argumentsOf({ dtype, shape }: Frame): string[] {
  return [dtype, ...shape.map(String)];
}
