// The innermost loops of tiles.ts, over memory seen as integers of one size. They are written down once for each size:
// a loop that has met arrays of several types looks at the type again at every element. Four million float32 in reverse,
// on an AMD EPYC, by a loop that had met all three types and by one that had not: 7.0 and 5.1 ms on Node 24.21,
// 8.7 and 7.3 on Node 20.20, 11.4 and 4.4 in Chromium 156.
//
// Positions are added up and never multiplied: 0 times a negative step is -0, which makes a floating-point number of every
// position after it.

/** Memory as integers of one size, in which no bit of a NaN changes. */
export type Words = Uint8Array | Uint16Array | Int32Array;

/** Rows and columns of elements. The target's columns lie one behind the other. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Words from one row to the next, in the source and in the target. */
  readonly down: number;
  readonly below: number;
  /** Words from one column to the next in the source. */
  readonly step: number;
}

/** Copies a plane from `source[from]` on to `out[to]` on. */
export interface WordLoops<W extends Words = Words> {
  /** Row after row. */
  rows(source: W, out: W, plane: Plane, from: number, to: number): void;
  /** Four rows at once: the faster way where a column's elements are neighbours. `plane.rows` is a multiple of four. */
  fours(source: W, out: W, plane: Plane, from: number, to: number): void;
}

/** For elements of one byte. */
export const loops8: WordLoops<Uint8Array> = {
  rows(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += down, start += below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * down, start += 4 * below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) {
        out[t] = source[s] as number;
        out[t + below] = source[s + down] as number;
        out[t + 2 * below] = source[s + 2 * down] as number;
        out[t + 3 * below] = source[s + 3 * down] as number;
      }
    }
  },
};

/** For elements of two bytes. */
export const loops16: WordLoops<Uint16Array> = {
  rows(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += down, start += below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * down, start += 4 * below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) {
        out[t] = source[s] as number;
        out[t + below] = source[s + down] as number;
        out[t + 2 * below] = source[s + 2 * down] as number;
        out[t + 3 * below] = source[s + 3 * down] as number;
      }
    }
  },
};

/** For elements of four bytes. */
export const loops32: WordLoops<Int32Array> = {
  rows(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += down, start += below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * down, start += 4 * below) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += step) {
        out[t] = source[s] as number;
        out[t + below] = source[s + down] as number;
        out[t + 2 * below] = source[s + 2 * down] as number;
        out[t + 3 * below] = source[s + 3 * down] as number;
      }
    }
  },
};

/** For elements of eight bytes, as two words: a Float64Array may change a NaN, and Node 20 is slow with a BigUint64Array. */
export const loops64: WordLoops<Int32Array> = {
  rows(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += down, start += below) {
      let s = first;
      for (let t = start; t < start + 2 * columns; t += 2, s += step) {
        out[t] = source[s] as number;
        out[t + 1] = source[s + 1] as number;
      }
    }
  },
  fours(source, out, { rows, columns, down, below, step }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * down, start += 4 * below) {
      let s = first;
      for (let t = start; t < start + 2 * columns; t += 2, s += step) {
        out[t] = source[s] as number;
        out[t + 1] = source[s + 1] as number;
        out[t + below] = source[s + down] as number;
        out[t + below + 1] = source[s + down + 1] as number;
        out[t + 2 * below] = source[s + 2 * down] as number;
        out[t + 2 * below + 1] = source[s + 2 * down + 1] as number;
        out[t + 3 * below] = source[s + 3 * down] as number;
        out[t + 3 * below + 1] = source[s + 3 * down + 1] as number;
      }
    }
  },
};

/** For elements of any other number of words. */
export function loopsOf(words: number): WordLoops {
  const rows: WordLoops['rows'] = (source, out, plane, from, to) => {
    for (let row = 0, first = from, start = to; row < plane.rows; row++, first += plane.down, start += plane.below) {
      let s = first;
      for (let t = start; t < start + words * plane.columns; t += words, s += plane.step) {
        for (let w = 0; w < words; w++) out[t + w] = source[s + w] as number;
      }
    }
  };
  return { rows, fours: rows };
}
