// Reads and writes the end of an archive, which says where the central directory is:
//   50 4B 05 06 | disk 2 | disk of the directory 2 | entries here 2 | entries 2 | directory's bytes 4 | its offset 4 | comment length 2 | comment
// If 16 or 32 bits are too few for its numbers, a ZIP64 record and a locator of that record are in front. They may be there in any case:
//   50 4B 06 06 | bytes 8 | made by 2 | version 2 | disk 4 | disk of the directory 4 | entries here 8 | entries 8 | directory's bytes 8 | its offset 8
//   50 4B 06 07 | disk 4 | offset of the record 8 | disks 4
// Offsets count from the start of the archive, and not from that of the file, in which other bytes may be in front.

import type { UnsharedBytes } from '../types/unshared.ts';
import { archiveError } from './archive-error.ts';
import { type DirectoryPlace, ENTRY_SIGNATURE } from './central-directory.ts';
import { CPYTHON_LIMIT, type NpzForm, VERSION } from './zip-form.ts';

const END = 0x06054b50;
const END_BYTES = 22;
const END64 = 0x06064b50;
const END64_BYTES = 56;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const MAX_COMMENT_BYTES = 0xffff;

/** Returns the end of an archive. @param size bytes of the central directory @param offset the byte at which it starts */
export function writeEnd(entries: number, size: number, offset: number, form: NpzForm): UnsharedBytes {
  const isLarge = form === 'savez' && (entries > 0xffff || size > CPYTHON_LIMIT || offset > CPYTHON_LIMIT);
  const at = isLarge ? END64_BYTES + LOCATOR_BYTES : 0;
  const bytes = new Uint8Array(at + END_BYTES);
  const view = new DataView(bytes.buffer);
  if (isLarge) {
    view.setUint32(0, END64, true);
    view.setBigUint64(4, BigInt(END64_BYTES - 12), true);
    view.setUint16(12, VERSION.savez, true);
    view.setUint16(14, VERSION.savez, true);
    for (const [i, value] of [entries, entries, size, offset].entries()) {
      view.setBigUint64(24 + 8 * i, BigInt(value), true);
    }
    view.setUint32(END64_BYTES, LOCATOR, true);
    view.setBigUint64(END64_BYTES + 8, BigInt(offset + size), true);
    view.setUint32(END64_BYTES + 16, 1, true);
  }
  view.setUint32(at, END, true);
  view.setUint16(at + 8, Math.min(entries, 0xffff), true);
  view.setUint16(at + 10, Math.min(entries, 0xffff), true);
  view.setUint32(at + 12, Math.min(size, 0xffff_ffff), true);
  view.setUint32(at + 16, Math.min(offset, 0xffff_ffff), true);
  return bytes;
}

/**
 * Finds an archive's end record: the last one that has a central directory in front of it. There may be other bytes in front of the
 * archive, and up to 65 535 bytes behind the record: its comment, or others.
 * @throws NpyError NPY_ARCHIVE
 */
export function findEnd(archive: Uint8Array): DirectoryPlace {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const last = archive.length - END_BYTES;
  const first = Math.max(0, last - MAX_COMMENT_BYTES);
  let problem: ReturnType<typeof archiveError> | undefined;
  for (let at = last; at >= first; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const found = endAt(view, at);
    if ('start' in found) return found;
    // If no record is valid, the last one is probably the archive's own, and its error is thrown.
    problem ??= found;
  }
  throw problem ?? archiveError('the bytes are not a zip archive, or end inside of one', { bytes: archive.length });
}

/** Returns the place of the central directory according to the record at `at`, or the error in that record. */
function endAt(view: DataView, at: number): DirectoryPlace | ReturnType<typeof archiveError> {
  const is64 = at >= LOCATOR_BYTES && view.getUint32(at - LOCATOR_BYTES, true) === LOCATOR;
  const at64 = at - LOCATOR_BYTES - END64_BYTES;
  if (is64 && (at64 < 0 || view.getUint32(at64, true) !== END64)) {
    return archiveError('there is no ZIP64 end record in front of its locator', { position: at });
  }
  const [disk, directoryDisk, entriesHere, entries, size, offset] = is64
    ? [
        view.getUint32(at64 + 16, true),
        view.getUint32(at64 + 20, true),
        ...[24, 32, 40, 48].map((field) => Number(view.getBigUint64(at64 + field, true))),
      ]
    : [
        ...[4, 6, 8, 10].map((field) => view.getUint16(at + field, true)),
        ...[12, 16].map((field) => view.getUint32(at + field, true)),
      ];
  if (entries === undefined || size === undefined || offset === undefined) throw new TypeError('six numbers are read');
  if (disk !== 0 || directoryDisk !== 0 || entriesHere !== entries) {
    return archiveError('the archive is one part of a zip archive that is split into several', { position: at });
  }
  const end = is64 ? at64 : at;
  const start = end - size;
  if (start < offset) {
    const problem = `the central directory of ${size} bytes at byte ${offset} does not end in front of byte ${end}`;
    return archiveError(problem, { position: at });
  }
  if (entries > 0 && (size < 4 || view.getUint32(start, true) !== ENTRY_SIGNATURE)) {
    return archiveError('there is no central directory where the end of the archive says it is', { position: start });
  }
  return { start, end, entries, prefix: start - offset };
}
