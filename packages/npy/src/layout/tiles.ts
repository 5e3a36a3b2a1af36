// Copies a plane of elements, with rows and columns of any stride, to rows with contiguous columns: run by run if the source has
// contiguous columns as well, otherwise tile by tile. Elements are moved as integers, as large as size and alignment allow, so that
// no bit of a NaN changes.
import { loops8, loops16, loops32, loops64, loopsOf, type Plane, type WordLoops, type Words } from './word-loops.ts';

/** A copy to make: source and target as words, the words of an element, and the loops for words of that size. */
export interface CopyJob {
  readonly source: Words;
  readonly out: Words;
  readonly words: number;
  readonly loops: WordLoops;
}

/** The fewest words of a row for which TypedArray's `set` is faster than a loop. */
const RUN_WORDS = 48;
/** Elements along the edge of a tile. The memory under it, in the source and in the target, stays in the cache. */
const TILE = 256;

/** Chooses the largest words, up to four bytes, of which the itemsize and both addresses are multiples. */
export function copyJob(source: Uint8Array, out: Uint8Array, itemsize: number): CopyJob {
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

/** Returns a typed array of words on the same memory. Cast: the types name ArrayBuffer, and shared memory works as well. */
function asWords<W>(
  bytes: Uint8Array,
  type: { new (b: ArrayBuffer, o: number, n: number): W; BYTES_PER_ELEMENT: number },
): W {
  return new type(bytes.buffer as ArrayBuffer, bytes.byteOffset, Math.floor(bytes.length / type.BYTES_PER_ELEMENT));
}

/** Copies a plane, the rows and columns that start at word `from` of the source, to the word `to` of the target. */
export function copyPlane({ source, out, words, loops }: CopyJob, plane: Plane, from: number, to: number): void {
  const { rows, columns, rowStep, outRowStep, columnStep } = plane;
  if (columnStep === words && columns * words >= RUN_WORDS) {
    for (let row = 0, s = from, t = to; row < rows; row++, s += rowStep, t += outRowStep) {
      out.set(source.subarray(s, s + columns * words), t);
    }
    return;
  }
  // Tiles are not needed if the source is walked in the order of its memory.
  const inOrder = rows === 1 || Math.abs(columnStep) <= Math.abs(rowStep);
  const high = inOrder ? rows : TILE;
  const wide = inOrder ? columns : TILE;
  for (let row = 0, s0 = from, t0 = to; row < rows; row += high, s0 += high * rowStep, t0 += high * outRowStep) {
    const inTile = Math.min(high, rows - row);
    const left = inOrder ? inTile : inTile % 4;
    const inFours = inTile - left;
    for (let column = 0, s = s0, t = t0; column < columns; column += wide, s += wide * columnStep, t += wide * words) {
      // The fields are written out, because on Node 20 an object spread takes a microsecond or more.
      const width = Math.min(wide, columns - column);
      if (inFours > 0)
        loops.fours(source, out, { rows: inFours, columns: width, rowStep, outRowStep, columnStep }, s, t);
      if (left > 0) {
        const rest = { rows: left, columns: width, rowStep, outRowStep, columnStep };
        loops.rows(source, out, rest, inFours > 0 ? s + inFours * rowStep : s, t + inFours * outRowStep);
      }
    }
  }
}
