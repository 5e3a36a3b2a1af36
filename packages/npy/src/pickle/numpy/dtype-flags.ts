// Computes the flags and the alignment of a dtype, which a pickled dtype contains besides its descr, as NumPy's C code does.
import type { DType } from '../../dtype/dtype.ts';

/** Two of NumPy's flags: the items are counted references (1), and pickled in a list (2). */
const LISTED = 0x03;
const HAS_OBJECT = 0x1b;
const NEEDS_INIT = 0x08;
const STRUCTURED = 0x10;
const OBJECT = 0x3f;

/** Returns whether `flags` can be those of a dtype. By them NumPy decides if an array's data is a list, and how to treat its items. */
export function areFlagsOf({ kind, name }: DType, flags: number): boolean {
  return kind === 'O' ? flags === OBJECT : (flags & LISTED) === (name === 'object' ? LISTED : 0);
}

/** Returns the flags that NumPy writes for a dtype. */
export function flagsOf({ kind, name, fields, subarray }: DType): number {
  if (subarray) return flagsOf(subarray.type);
  if (kind === 'O') return OBJECT;
  if (kind === 'U') return NEEDS_INIT;
  if (!fields) return 0;
  if (name === 'object') return HAS_OBJECT;
  return fields.reduce((flags, { type }) => flags | (flagsOf(type) & HAS_OBJECT), STRUCTURED);
}

/** Returns the number of bytes to which NumPy aligns an element. */
export function alignmentOf({ kind, itemsize, subarray }: DType): number {
  if (subarray) return alignmentOf(subarray.type);
  if (kind === 'S' || kind === 'V') return 1;
  if (kind === 'U') return 4;
  return kind === 'c' ? itemsize / 2 : itemsize;
}
