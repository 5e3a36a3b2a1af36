// The two forms in which an archive is written, and the numbers that both headers of a member use.
import type { EncodedName } from './member-name.ts';

/**
 * The forms of an archive: `savez` as `np.savez` of Python 3.11.4 and later writes it, with 64-bit sizes (ZIP64) in front of each member;
 * `plain` is zip 2.0, which every reader knows.
 */
export type NpzForm = 'savez' | 'plain';

/** A member that is written. */
export interface WrittenMember {
  readonly name: EncodedName;
  readonly crc: number;
  /** The number of bytes of the data. */
  readonly bytes: number;
  /** The byte of the archive at which the local header starts. */
  readonly offset: number;
}

/** The flag for a name in UTF-8. */
export const UTF8_FLAG = 0x0800;
/** 1 January 1980, in the form of zip, whose members need a date. */
export const EPOCH_DATE = 0x0021;
/** The versions of the zip format: 2.0, and 4.5 for ZIP64. */
export const VERSION: Readonly<Record<NpzForm, number>> = { plain: 20, savez: 45 };
/** The value of a 32-bit size or offset whose real value is in the ZIP64 extra field. */
export const IN_EXTRA = 0xffff_ffff;
/** The id of the ZIP64 extra field, which has sizes and offsets in 64 bits. */
export const ZIP64_ID = 1;
/** The largest size or offset that CPython writes in 32 bits, though 32 bits hold twice as much. */
export const CPYTHON_LIMIT = 0x7fff_ffff;
/** The method of data that is not compressed, which every reader knows. */
export const STORED = 0;
