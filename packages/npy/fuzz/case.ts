// A case of the fuzzer: a question that NumPy and this package both answer.
import type { NpyVersion } from '../src/core.ts';

/** The recipe by which NumPy makes a dtype, in another form than the descr of a header. */
export type TypeRecipe =
  | string
  | { readonly fields: readonly FieldRecipe[]; readonly tail: number; readonly align?: boolean };

export interface FieldRecipe {
  readonly name: string;
  readonly title?: string;
  readonly type: TypeRecipe;
  readonly shape?: readonly number[];
  /** The number of bytes between the field before and this one. */
  readonly gap: number;
}

/** The recipe of an array over a pattern of bytes. */
export interface ArrayRecipe {
  readonly type: TypeRecipe;
  readonly shape: readonly number[];
  /** Elements. */
  readonly strides: readonly number[];
  /** Elements. */
  readonly offset: number;
  /** Added to the offset, in bytes. */
  readonly shift: number;
  /** If given, the array is copied in this order of NumPy. */
  readonly order?: 'C' | 'F' | 'A' | 'K';
  readonly version?: NpyVersion;
}

/** Bytes that replace others in a file. */
export interface Damage {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly cut: number;
}

/**
 * `save`: what does np.save write for that array? `load`: what does np.load make of that file? `objects`: what is an array
 * of random objects, and what does np.save write for it?
 */
export type Case =
  | { readonly ask: 'save'; readonly array: ArrayRecipe; readonly pattern: Uint8Array }
  | { readonly ask: 'load'; readonly file: Uint8Array }
  | { readonly ask: 'objects'; readonly seed: number; readonly damages: readonly Damage[] };

/** The cases without pickles. */
export type FileCase = Exclude<Case, { readonly ask: 'objects' }>;

/** Returns the frame that asks NumPy. */
export function requestOf(asked: Case): Uint8Array {
  if (asked.ask === 'load') return Buffer.concat([Buffer.from('L'), asked.file]);
  if (asked.ask === 'objects') return Buffer.from(`O${asked.seed}`);
  const text = Buffer.from(JSON.stringify(asked.array));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from('S'), length, text, asked.pattern]);
}
