// What NumPy's C code knows of a dtype besides its descr, as it stands in the state of one: flags and alignment.
import type { DType } from '../../dtype/dtype.ts';

/** Of NumPy's flags: items are counted references (1) and pickled in a list (2). */
const LISTED = 0x03;
const HAS_OBJECT = 0x1b;
const NEEDS_INIT = 0x08;
const STRUCTURED = 0x10;
const OBJECT = 0x3f;

/** Whether the flags are a dtype's: by them NumPy tells whether an array's data is a list, and what to do with the items. */
export function areFlagsOf({ kind, name }: DType, flags: number): boolean {
  return kind === 'O' ? flags === OBJECT : (flags & LISTED) === (name === 'object' ? LISTED : 0);
}

/** The flags that NumPy writes. */
export function flagsOf({ kind, name, fields, subarray }: DType): number {
  if (subarray) return flagsOf(subarray.type);
  if (kind === 'O') return OBJECT;
  if (kind === 'U') return NEEDS_INIT;
  if (!fields) return 0;
  if (name === 'object') return HAS_OBJECT;
  return fields.reduce((flags, { type }) => flags | (flagsOf(type) & HAS_OBJECT), STRUCTURED);
}

/** Bytes to which NumPy aligns an element. */
export function alignmentOf({ kind, itemsize, subarray }: DType): number {
  if (subarray) return alignmentOf(subarray.type);
  if (kind === 'S' || kind === 'V') return 1;
  if (kind === 'U') return 4;
  return kind === 'c' ? itemsize / 2 : itemsize;
}
