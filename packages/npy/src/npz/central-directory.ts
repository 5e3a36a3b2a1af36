// Reads and writes the list of members at the end of an archive, the central directory, with one entry for each member:
//   50 4B 01 02 | made by 2 | version 2 | flags 2 | method 2 | time 2 | date 2 | CRC 4 | packed size 4 | size 4 | name length 2 |
//   extra length 2 | comment length 2 | disk 2 | attributes 2 + 4 | offset 4 | name | extra | comment
// If a size or an offset is FF FF FF FF, the number itself is in the ZIP64 extra field, in 64 bits. Sources: PKWARE's APPNOTE, and
// CPython's zipfile.

import type { UnsharedBytes } from '../types/unshared.ts';
import { archiveError, memberText } from './archive-error.ts';
import { decodeName } from './member-name.ts';
import {
  CPYTHON_LIMIT,
  EPOCH_DATE,
  IN_EXTRA,
  type NpzForm,
  UTF8_FLAG,
  VERSION,
  type WrittenMember,
  ZIP64_ID,
} from './zip-form.ts';

export const ENTRY_SIGNATURE = 0x02014b50;
const FIXED_BYTES = 46;
/** The value of `made by` for Unix, which is in its upper byte. */
const UNIX = 3 << 8;
/** The mode of the file on Unix: its owner may read and write it. */
const MODE = 0o600;

/** A member, as its entry in the central directory describes it. */
export interface ArchiveMember {
  readonly name: string;
  readonly nameBytes: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  /** The bytes of the data in the archive. */
  readonly packedBytes: number;
  /** The bytes of the data once it is unpacked. */
  readonly bytes: number;
  /** The byte of `archive` at which the local header starts. */
  readonly offset: number;
}

/** Returns the entry of a member that is written. */
export function writeEntry({ name, crc, bytes, offset }: WrittenMember, form: NpzForm): UnsharedBytes {
  const isSavez = form === 'savez';
  const extra: number[] = [];
  if (isSavez && bytes > CPYTHON_LIMIT) extra.push(bytes, bytes);
  const size = extra.length > 0 ? IN_EXTRA : bytes;
  if (isSavez && offset > CPYTHON_LIMIT) extra.push(offset);
  const extraBytes = extra.length > 0 ? 4 + 8 * extra.length : 0;
  const entry = new Uint8Array(FIXED_BYTES + name.bytes.length + extraBytes);
  const view = new DataView(entry.buffer);
  view.setUint32(0, ENTRY_SIGNATURE, true);
  view.setUint16(4, VERSION[form] | (isSavez ? UNIX : 0), true);
  view.setUint16(6, VERSION[form], true);
  view.setUint16(8, name.isUtf8 ? UTF8_FLAG : 0, true);
  view.setUint16(14, EPOCH_DATE, true);
  view.setUint32(16, crc, true);
  view.setUint32(20, size, true);
  view.setUint32(24, size, true);
  view.setUint16(28, name.bytes.length, true);
  view.setUint16(30, extraBytes, true);
  if (isSavez) view.setUint16(40, MODE, true);
  view.setUint32(42, isSavez && offset > CPYTHON_LIMIT ? IN_EXTRA : offset, true);
  entry.set(name.bytes, FIXED_BYTES);
  const at = FIXED_BYTES + name.bytes.length;
  if (extraBytes > 0) {
    view.setUint16(at, ZIP64_ID, true);
    view.setUint16(at + 2, extraBytes - 4, true);
  }
  for (const [i, value] of extra.entries()) view.setBigUint64(at + 4 + 8 * i, BigInt(value), true);
  return entry;
}

/** The place of the central directory. */
export interface DirectoryPlace {
  /** The first byte of the directory, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly entries: number;
  /** The number of bytes in front of the archive. */
  readonly prefix: number;
}

/** Returns the members of an archive, in its order. @throws NpyError NPY_ARCHIVE if they are damaged, or not `entries` many */
export function readEntries(archive: Uint8Array, { start, end, entries, prefix }: DirectoryPlace): ArchiveMember[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const members: ArchiveMember[] = [];
  for (let at = start; at < end; ) {
    if (at + FIXED_BYTES > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw archiveError('the central directory is damaged', { position: at });
    }
    const nameEnd = at + FIXED_BYTES + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > end) throw archiveError('the central directory ends inside of an entry', { position: at });
    const flags = view.getUint16(at + 8, true);
    const nameBytes = archive.subarray(at + FIXED_BYTES, nameEnd);
    const name = decodeName({ bytes: nameBytes, isUtf8: (flags & UTF8_FLAG) !== 0 });
    // The extra field has only the numbers that do not fit into 32 bits, in the order in which they are read here.
    const large = largeNumbers(archive.subarray(nameEnd, extraEnd), name);
    const number = (position: number): number => {
      const small = view.getUint32(position, true);
      return small === IN_EXTRA ? large() : small;
    };
    const bytes = number(at + 24);
    const packedBytes = number(at + 20);
    const offset = prefix + number(at + 42);
    members.push({
      name,
      nameBytes,
      flags,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedBytes,
      bytes,
      offset,
    });
    at = next;
  }
  if (members.length !== entries) {
    const problem = `the archive says that it has ${entries} members, its central directory has ${members.length}`;
    throw archiveError(problem, { expected: entries, actual: members.length });
  }
  return members;
}

/** Returns a function that returns the 64-bit numbers of the ZIP64 extra field, one at each call. */
function largeNumbers(extra: Uint8Array, name: string): () => number {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  let at = 0;
  let end = 0;
  for (let field = 0; field + 4 <= extra.length; field = end) {
    at = field + 4;
    end = at + view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === ZIP64_ID) break;
    at = extra.length;
  }
  return () => {
    if (at + 8 > Math.min(end, extra.length)) {
      throw archiveError(`${memberText(name)} lacks a 64-bit size or offset in its ZIP64 extra field`, {
        member: name,
      });
    }
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  };
}
