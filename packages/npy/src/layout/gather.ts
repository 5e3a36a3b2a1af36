// Copies the elements of a strided view one behind the other, in C or Fortran order. Elements are opaque bytes, moved
// as integers of the machine where size and alignment allow, so that no bit of a NaN changes.
import { contiguousStride, sizeOf } from './shape.ts';

/** A view on elements of `itemsize` bytes; strides and offset count elements. */
export interface StridedBytes {
  readonly bytes: Uint8Array;
  readonly itemsize: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

type Words = Uint8Array | Uint16Array | Uint32Array;

/** Writes every element of `view` to `target`, whose first byte takes the first element. */
export function gather(view: StridedBytes, target: Uint8Array, fortranOrder: boolean): void {
  const { bytes, itemsize } = view;
  if (sizeOf(view.shape) === 0) return;
  const wordBytes = commonWord(itemsize, bytes.byteOffset, target.byteOffset);
  const words = itemsize / wordBytes;
  const source = asWords(bytes, wordBytes);
  const out = asWords(target, wordBytes);
  const loops = plan(view, fortranOrder, words);
  if (words === 1) copySingles(source, out, loops, view.offset);
  else copyGroups(source, out, loops, view.offset * words, words);
}

/** The largest machine word, up to four bytes, of which both an element and both addresses are multiples. */
function commonWord(itemsize: number, ...addresses: number[]): 1 | 2 | 4 {
  for (const word of [4, 2] as const) {
    if (itemsize % word === 0 && addresses.every((address) => address % word === 0)) return word;
  }
  return 1;
}

function asWords(bytes: Uint8Array, word: 1 | 2 | 4): Words {
  if (word === 1) return bytes;
  const length = Math.floor(bytes.length / word);
  const { buffer, byteOffset } = bytes;
  return word === 2 ? new Uint16Array(buffer, byteOffset, length) : new Uint32Array(buffer, byteOffset, length);
}

/** One loop a level, outermost first: how many steps, and how far each goes in the source and in the target. */
interface Loop {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** The axes as loops over words, in the target's order, axes of one element dropped and mergeable axes merged. */
function plan({ shape, stride }: StridedBytes, fortranOrder: boolean, words: number): Loop[] {
  const target = contiguousStride(shape, fortranOrder);
  const axes = shape.map((_, i) => (fortranOrder ? shape.length - 1 - i : i));
  const loops: Loop[] = [];
  for (const axis of axes) {
    const count = shape[axis] as number;
    const from = (stride[axis] as number) * words;
    const to = (target[axis] as number) * words;
    const outer = loops.at(-1);
    if (count === 1) continue;
    if (outer && outer.from === from * count) loops[loops.length - 1] = { count: outer.count * count, from, to };
    else loops.push({ count, from, to });
  }
  return loops;
}

/** Tiles of this edge keep the lines that a transposition touches in the first-level cache. */
const TILE = 32;

function copySingles(source: Words, out: Words, loops: readonly Loop[], start: number): void {
  const inner = loops.at(-1);
  if (!inner) {
    out[0] = source[start] as number;
    return;
  }
  const outer = loops.at(-2);
  if (!outer) {
    copyRow(source, out, inner.count, start, inner.from, 0);
    return;
  }
  forEachIndex(loops.slice(0, -2), start, 0, (from, to) => {
    if (inner.from === 1) {
      for (let i = 0; i < outer.count; i++) {
        const row = from + i * outer.from;
        out.set(source.subarray(row, row + inner.count), to + i * outer.to);
      }
    } else {
      copyTiles(source, out, outer, inner, from, to);
    }
  });
}

/** The target's rows are contiguous; the source's are not. Tile by tile both stay in cache. */
function copyTiles(source: Words, out: Words, outer: Loop, inner: Loop, from: number, to: number): void {
  for (let i0 = 0; i0 < outer.count; i0 += TILE) {
    const i1 = Math.min(i0 + TILE, outer.count);
    for (let j0 = 0; j0 < inner.count; j0 += TILE) {
      const width = Math.min(TILE, inner.count - j0);
      for (let i = i0; i < i1; i++) {
        copyRow(source, out, width, from + i * outer.from + j0 * inner.from, inner.from, to + i * outer.to + j0);
      }
    }
  }
}

function copyRow(source: Words, out: Words, count: number, from: number, step: number, to: number): void {
  for (let i = 0, s = from; i < count; i++, s += step) out[to + i] = source[s] as number;
}

/** Elements of several words each: the innermost loop copies whole elements. */
function copyGroups(source: Words, out: Words, loops: readonly Loop[], start: number, words: number): void {
  forEachIndex(loops, start, 0, (from, to) => {
    for (let w = 0; w < words; w++) out[to + w] = source[from + w] as number;
  });
}

/** Visits every combination of the loops, an odometer over counts that may be deep. */
function forEachIndex(
  loops: readonly Loop[],
  from: number,
  to: number,
  visit: (from: number, to: number) => void,
  depth = 0,
): void {
  const loop = loops[depth];
  if (!loop) visit(from, to);
  else {
    for (let i = 0; i < loop.count; i++) forEachIndex(loops, from + i * loop.from, to + i * loop.to, visit, depth + 1);
  }
}
