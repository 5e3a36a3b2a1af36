// Parses NumPy's answer to a case, a frame that numpy/peer.py writes.
import type { Descr } from '../../src/core.ts';

/** An array that NumPy read or made. */
export interface NumpyArray {
  readonly outcome: 'array';
  /** NumPy's kind and itemsize: `f8`, `U12`. */
  readonly kind: string;
  readonly descr: Descr;
  /** The sizes as texts, because they may be larger than 2^53. */
  readonly shape: readonly string[];
  /** A byte for each byte of an element: 0 if that one has no meaning. Undefined if all bytes have one. */
  readonly mask: Uint8Array | undefined;
  /** The first elements in C order, as tokens.ts writes them. */
  readonly values: readonly string[];
  /** The file that np.save writes for the array; empty if the array is too large. */
  readonly file: Uint8Array;
}

/** `refused`: NumPy raised. `died`: the process ended, or had to be ended. */
export type Answer =
  | NumpyArray
  | { readonly outcome: 'refused'; readonly error: string }
  | { readonly outcome: 'died'; readonly reason: string };

/** Parses a frame without its length. */
export function parseAnswer(frame: Buffer): Answer {
  if (frame[0] === 0x45) return { outcome: 'refused', error: frame.toString('utf8', 1) };
  const headEnd = 5 + frame.readUInt32LE(1);
  const head = JSON.parse(frame.toString('utf8', 5, headEnd)) as {
    kind: string;
    descr: Descr;
    shape: string[];
    mask?: string;
  };
  const valuesEnd = headEnd + 4 + frame.readUInt32LE(headEnd);
  const values = frame.toString('utf8', headEnd + 4, valuesEnd);
  return {
    outcome: 'array',
    kind: head.kind,
    descr: head.descr,
    shape: head.shape,
    mask: head.mask === undefined ? undefined : Uint8Array.from(Buffer.from(head.mask, 'hex')),
    values: values === '' ? [] : values.split('\n'),
    // A copy, because a view on a received chunk would keep the whole chunk in memory.
    file: Uint8Array.from(frame.subarray(valuesEnd)),
  };
}
