// The innermost loops of tiles.ts, over memory seen as integers of one size. Each size has loops of its own, because a loop that has met
// arrays of several types checks the type at every element. Measured on an AMD EPYC with four million float32 in reverse, by a loop that
// had met all three types and by one that had not: 7.0 and 5.1 ms on Node 24.21, 8.7 and 7.3 on Node 20.20, 11.4 and 4.4 in Chromium 156.
//
// Positions are added up and never multiplied: 0 times a negative step is -0, which turns every later position into a floating-point
// number.

/** Memory as integers of one size, in which no bit of a NaN changes. */
export type Words = Uint8Array | Uint16Array | Int32Array;

/** Rows and columns of elements. The target's columns are contiguous. */
export interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Words from one row to the next, in the source and in the target. */
  readonly rowStep: number;
  readonly outRowStep: number;
  /** Words from one column to the next in the source. */
  readonly columnStep: number;
}

/** The loops for words of one size. They copy a plane that starts at `source[from]` to `out[to]`. */
export interface WordLoops<W extends Words = Words> {
  /** Copies one row after another. */
  rows(source: W, out: W, plane: Plane, from: number, to: number): void;
  /** Copies four rows at once, which is faster if the elements of a column are neighbours. `plane.rows` is a multiple of four. */
  fours(source: W, out: W, plane: Plane, from: number, to: number): void;
}

/** The loops for elements of one byte. */
export const loops8: WordLoops<Uint8Array> = {
  rows(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += rowStep, start += outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * rowStep, start += 4 * outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) {
        out[t] = source[s] as number;
        out[t + outRowStep] = source[s + rowStep] as number;
        out[t + 2 * outRowStep] = source[s + 2 * rowStep] as number;
        out[t + 3 * outRowStep] = source[s + 3 * rowStep] as number;
      }
    }
  },
};

/** The loops for elements of two bytes. */
export const loops16: WordLoops<Uint16Array> = {
  rows(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += rowStep, start += outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * rowStep, start += 4 * outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) {
        out[t] = source[s] as number;
        out[t + outRowStep] = source[s + rowStep] as number;
        out[t + 2 * outRowStep] = source[s + 2 * rowStep] as number;
        out[t + 3 * outRowStep] = source[s + 3 * rowStep] as number;
      }
    }
  },
};

/** The loops for elements of four bytes. */
export const loops32: WordLoops<Int32Array> = {
  rows(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += rowStep, start += outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) out[t] = source[s] as number;
    }
  },
  fours(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * rowStep, start += 4 * outRowStep) {
      let s = first;
      for (let t = start; t < start + columns; t++, s += columnStep) {
        out[t] = source[s] as number;
        out[t + outRowStep] = source[s + rowStep] as number;
        out[t + 2 * outRowStep] = source[s + 2 * rowStep] as number;
        out[t + 3 * outRowStep] = source[s + 3 * rowStep] as number;
      }
    }
  },
};

/** The loops for elements of eight bytes, as two words each. A Float64Array may change a NaN, and a BigUint64Array is slow on Node 20. */
export const loops64: WordLoops<Int32Array> = {
  rows(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row++, first += rowStep, start += outRowStep) {
      let s = first;
      for (let t = start; t < start + 2 * columns; t += 2, s += columnStep) {
        out[t] = source[s] as number;
        out[t + 1] = source[s + 1] as number;
      }
    }
  },
  fours(source, out, { rows, columns, rowStep, outRowStep, columnStep }, from, to) {
    for (let row = 0, first = from, start = to; row < rows; row += 4, first += 4 * rowStep, start += 4 * outRowStep) {
      let s = first;
      for (let t = start; t < start + 2 * columns; t += 2, s += columnStep) {
        out[t] = source[s] as number;
        out[t + 1] = source[s + 1] as number;
        out[t + outRowStep] = source[s + rowStep] as number;
        out[t + outRowStep + 1] = source[s + rowStep + 1] as number;
        out[t + 2 * outRowStep] = source[s + 2 * rowStep] as number;
        out[t + 2 * outRowStep + 1] = source[s + 2 * rowStep + 1] as number;
        out[t + 3 * outRowStep] = source[s + 3 * rowStep] as number;
        out[t + 3 * outRowStep + 1] = source[s + 3 * rowStep + 1] as number;
      }
    }
  },
};

/** Returns the loops for elements of any other number of words. */
export function loopsOf(words: number): WordLoops {
  const rows: WordLoops['rows'] = (source, out, plane, from, to) => {
    for (
      let row = 0, first = from, start = to;
      row < plane.rows;
      row++, first += plane.rowStep, start += plane.outRowStep
    ) {
      let s = first;
      for (let t = start; t < start + words * plane.columns; t += words, s += plane.columnStep) {
        for (let w = 0; w < words; w++) out[t + w] = source[s + w] as number;
      }
    }
  };
  return { rows, fours: rows };
}
