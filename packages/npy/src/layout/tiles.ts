// Copies a plane of elements, rows and columns of any stride, to rows whose columns lie one behind the other: by runs
// where the source has runs as well, otherwise tile by tile. Elements are opaque bytes, moved as integers of the machine
// where size and alignment allow, so that no bit of a NaN changes.
import { loops8, loops16, loops32, loops64, loopsOf, type Plane, type WordLoops, type Words } from './word-loops.ts';

/** What is copied: memory as words, the words of an element, and the loops over such. */
export interface Job {
  readonly source: Words;
  readonly out: Words;
  readonly words: number;
  readonly loops: WordLoops;
}

/** From this many words on, asking the runtime to copy a run costs less than a loop over it. */
const RUN_WORDS = 48;
/** Elements along the edges of a tile: what lies under it, in the source and in the target, stays in the cache. */
const TILE = 256;

/** By the largest words, up to four bytes, of which both an element and both addresses are multiples. */
export function jobOf(source: Uint8Array, out: Uint8Array, itemsize: number): Job {
  const all = itemsize | source.byteOffset | out.byteOffset;
  if (all % 4 === 0) {
    const words = itemsize / 4;
    const loops = words === 1 ? loops32 : words === 2 ? loops64 : loopsOf(words);
    return { source: asWords(source, Int32Array), out: asWords(out, Int32Array), words, loops };
  }
  if (all % 2 === 0) {
    const words = itemsize / 2;
    const loops = words === 1 ? loops16 : loopsOf(words);
    return { source: asWords(source, Uint16Array), out: asWords(out, Uint16Array), words, loops };
  }
  return { source, out, words: itemsize, loops: itemsize === 1 ? loops8 : loopsOf(itemsize) };
}

/** The types name ArrayBuffer; memory shared between threads works as well. */
function asWords<W>(
  bytes: Uint8Array,
  type: { new (b: ArrayBuffer, o: number, n: number): W; BYTES_PER_ELEMENT: number },
): W {
  return new type(bytes.buffer as ArrayBuffer, bytes.byteOffset, Math.floor(bytes.length / type.BYTES_PER_ELEMENT));
}

/** Copies the plane that starts at word `from` of the source and at word `to` of the target. */
export function copyPlane({ source, out, words, loops }: Job, plane: Plane, from: number, to: number): void {
  const { rows, columns, down, below, step } = plane;
  if (step === words && columns * words >= RUN_WORDS) {
    for (let row = 0, s = from, t = to; row < rows; row++, s += down, t += below) {
      out.set(source.subarray(s, s + columns * words), t);
    }
    return;
  }
  // Where the source's neighbours are side by side already, there is no need of tiles.
  const inOrder = rows === 1 || Math.abs(step) <= Math.abs(down);
  const high = inOrder ? rows : TILE;
  const wide = inOrder ? columns : TILE;
  for (let row = 0, s0 = from, t0 = to; row < rows; row += high, s0 += high * down, t0 += high * below) {
    const inTile = Math.min(high, rows - row);
    const left = inOrder ? inTile : inTile % 4;
    const inFours = inTile - left;
    for (let column = 0, s = s0, t = t0; column < columns; column += wide, s += wide * step, t += wide * words) {
      // Written out, because Node 20 takes a microsecond and more for an object with another one spread in it.
      const width = Math.min(wide, columns - column);
      if (inFours > 0) loops.fours(source, out, { rows: inFours, columns: width, down, below, step }, s, t);
      if (left > 0) {
        const rest = { rows: left, columns: width, down, below, step };
        loops.rows(source, out, rest, inFours > 0 ? s + inFours * down : s, t + inFours * below);
      }
    }
  }
}
