// What a reader will take from bytes it does not trust. Every limit is held against the declared size,
// before any memory is asked for.

/** Bounds on what `decode` and `readHeader` accept. All are inclusive. */
export interface Limits {
  /** Characters of header text, padding and newline included. NumPy's own bound, and the default: 10 000. */
  readonly maxHeaderCharacters: number;
  /** Elements of the array. Default: 2^53 - 1. */
  readonly maxElements: number;
  /** Bytes of the array's data. Default: 2^53 - 1. */
  readonly maxBytes: number;
}

export const defaultLimits: Limits = {
  maxHeaderCharacters: 10_000,
  maxElements: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
};
