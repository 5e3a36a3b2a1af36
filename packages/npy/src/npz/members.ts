// Finds the members of an archive and their bytes. Two members never share a byte: the arrays of an archive need no more memory than the
// archive itself, even if each is copied.

import type { Limits } from '../arguments/limits.ts';
import { NpyError } from '../errors.ts';
import { findEnd } from './archive-end.ts';
import { archiveError, memberText } from './archive-error.ts';
import { type ArchiveMember, readEntries } from './central-directory.ts';
import { crc32 } from './crc32.ts';
import { dataStart } from './local-header.ts';
import { arrayName } from './member-name.ts';
import { STORED } from './zip-form.ts';

/** A member and the bytes that it has in the archive. */
export interface FoundMember extends ArchiveMember {
  /** The data as it is in the archive: a view of the archive. */
  readonly packed: Uint8Array;
  /** The position in the archive behind the data. */
  readonly end: number;
}

const ENCRYPTED = 0x0001;
const PATCHED = 0x0020;
const STRONGLY_ENCRYPTED = 0x0040;

/** The methods of compression that are known and not supported, by their numbers. */
const METHODS: Readonly<Record<number, string>> = {
  8: 'deflate, as np.savez_compressed writes',
  9: 'deflate64',
  12: 'bzip2',
  14: 'lzma',
  93: 'zstd',
  95: 'xz',
};

/**
 * Returns the members of an archive, in its order, by the names of their arrays. If several members have one name, the last of them is
 * used, as in `np.load`; the member `a` is preferred to the member `a.npy`.
 * @throws NpyError NPY_ARCHIVE; NPY_LIMIT for a name of more than `maxHeaderCharacters`
 */
export function membersByArray(archive: Uint8Array, { maxHeaderCharacters }: Limits): Map<string, FoundMember> {
  const place = findEnd(archive);
  const found = readEntries(archive, place).map((member) => {
    const start = dataStart(archive, member, place.start);
    const end = start + member.packedBytes;
    if (end > place.start) {
      const problem = `${memberText(member.name)} of ${member.packedBytes} bytes does not end in front of the central directory`;
      throw archiveError(problem, { member: member.name, position: start });
    }
    return { ...member, packed: archive.subarray(start, end), end };
  });
  checkApart(found);
  const byArray = new Map<string, FoundMember>();
  for (const member of found) {
    const { name } = member;
    // V8 hashes strings of 16 384 characters and more by their length alone: a Map of many such names would be slow.
    if (name.length > maxHeaderCharacters) throw longName(name, maxHeaderCharacters);
    const array = arrayName(name);
    if (array === name || byArray.get(array)?.name !== array) byArray.set(array, member);
  }
  return byArray;
}

function longName(name: string, maxHeaderCharacters: number): NpyError<'NPY_LIMIT'> {
  const { length } = name;
  const message = `npz: ${memberText(name)} has a name of ${length} characters, the limit is ${maxHeaderCharacters}, limits.maxHeaderCharacters`;
  return new NpyError('NPY_LIMIT', message, { characters: length, maxHeaderCharacters });
}

/** Checks that members do not overlap. @throws NpyError NPY_ARCHIVE */
function checkApart(members: readonly FoundMember[]): void {
  let before: FoundMember | undefined;
  for (const member of members.toSorted((a, b) => a.offset - b.offset)) {
    const { name, offset } = member;
    if (before && offset < before.end) {
      throw archiveError(`${memberText(name)} overlaps with ${memberText(before.name)}`, {
        member: name,
        position: offset,
      });
    }
    before = member;
  }
}

/** Returns the data of a member. @throws NpyError NPY_ARCHIVE if it is compressed or encrypted, or has another checksum */
export function contentOf(member: FoundMember): Uint8Array {
  const content = storedBytes(member);
  const crc = crc32(content);
  if (crc === member.crc) return content;
  const problem = `${memberText(member.name)} is damaged: its checksum is ${hex(crc)}, not ${hex(member.crc)}`;
  throw archiveError(problem, { member: member.name, expected: member.crc, actual: crc });
}

/** Returns the data of a member without computing its checksum. @throws NpyError NPY_ARCHIVE if it is compressed or encrypted */
export function storedBytes({ name, flags, method, bytes, packed }: FoundMember): Uint8Array {
  const detail = { member: name, method };
  if ((flags & (ENCRYPTED | STRONGLY_ENCRYPTED)) !== 0) {
    throw archiveError(`${memberText(name)} is encrypted (method ${method})`, detail);
  }
  if ((flags & PATCHED) !== 0) throw archiveError(`${memberText(name)} is a patch (method ${method})`, detail);
  if (method !== STORED) {
    const known = METHODS[method];
    const text = known === undefined ? `method ${method}` : `${known} (method ${method})`;
    throw archiveError(
      `${memberText(name)} is compressed by ${text}: save the archive with np.savez, which does not compress`,
      detail,
    );
  }
  if (packed.length === bytes) return packed;
  const problem = `${memberText(name)} is not compressed, but has two different sizes: ${packed.length} and ${bytes}`;
  throw archiveError(problem, { ...detail, expected: bytes, actual: packed.length });
}

function hex(crc: number): string {
  return crc.toString(16).padStart(8, '0');
}
