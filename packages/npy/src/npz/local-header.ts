// Reads and writes the header in front of a member's data:
//   50 4B 03 04 | version 2 | flags 2 | method 2 | time 2 | date 2 | CRC 4 | packed size 4 | size 4 | name length 2 | extra length 2 | name | extra
// A reader takes only the header's length and the name from it. All else is read from the central directory, which repeats it.

import type { UnsharedBytes } from '../types/unshared.ts';
import { archiveError, memberText } from './archive-error.ts';
import { EPOCH_DATE, IN_EXTRA, type NpzForm, UTF8_FLAG, VERSION, type WrittenMember, ZIP64_ID } from './zip-form.ts';

const SIGNATURE = 0x04034b50;
const FIXED_BYTES = 30;
const ZIP64_BYTES = 20;

/** Returns the local header of a member that is written. */
export function writeLocalHeader({ name, crc, bytes }: WrittenMember, form: NpzForm): UnsharedBytes {
  const extraBytes = form === 'savez' ? ZIP64_BYTES : 0;
  const header = new Uint8Array(FIXED_BYTES + name.bytes.length + extraBytes);
  const view = new DataView(header.buffer);
  const size = form === 'savez' ? IN_EXTRA : bytes;
  view.setUint32(0, SIGNATURE, true);
  view.setUint16(4, VERSION[form], true);
  view.setUint16(6, name.isUtf8 ? UTF8_FLAG : 0, true);
  view.setUint16(12, EPOCH_DATE, true);
  view.setUint32(14, crc, true);
  view.setUint32(18, size, true);
  view.setUint32(22, size, true);
  view.setUint16(26, name.bytes.length, true);
  view.setUint16(28, extraBytes, true);
  header.set(name.bytes, FIXED_BYTES);
  if (form === 'savez') {
    const at = FIXED_BYTES + name.bytes.length;
    view.setUint16(at, ZIP64_ID, true);
    view.setUint16(at + 2, ZIP64_BYTES - 4, true);
    view.setBigUint64(at + 4, BigInt(bytes), true);
    view.setBigUint64(at + 12, BigInt(bytes), true);
  }
  return header;
}

/** The parts of a member by which its local header is found and checked. */
interface Place {
  readonly name: string;
  /** The bytes of the name in the central directory. */
  readonly nameBytes: Uint8Array;
  readonly offset: number;
}

/**
 * Returns the byte at which the data of a member starts.
 * @param end the end of the members: the start of the central directory
 * @throws NpyError NPY_ARCHIVE if there is no local header, or if it has another name
 */
export function dataStart(archive: Uint8Array, { name, nameBytes, offset }: Place, end: number): number {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  if (offset + FIXED_BYTES > end || view.getUint32(offset, true) !== SIGNATURE) {
    const problem = 'is not where the central directory says it is';
    throw archiveError(`${memberText(name)} ${problem}`, { member: name, position: offset });
  }
  const nameEnd = offset + FIXED_BYTES + view.getUint16(offset + 26, true);
  const local = archive.subarray(offset + FIXED_BYTES, nameEnd);
  if (local.length !== nameBytes.length || !local.every((byte, i) => byte === nameBytes[i])) {
    throw archiveError(`${memberText(name)} has another name in its own header`, { member: name, position: offset });
  }
  return nameEnd + view.getUint16(offset + 28, true);
}
