// Encodes named arrays to an archive: a .npy file for each array, which is not compressed, and the central directory behind them. Elements
// that are in memory as a file has them are not copied.

import { checkOption, checkOptions } from '../arguments/options.ts';
import type { ViewLike } from '../array/npy-view.ts';
import { NpyError } from '../errors.ts';
import { type PreparedArray, prepareArray } from '../format/prepare.ts';
import { joinBytes } from '../memory/allocate.ts';
import type { ObjectCodec } from '../objects/object-codec.ts';
import { checkCodec } from '../objects/object-data.ts';
import { nameOf } from '../text/quoted.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import { writeEnd } from './archive-end.ts';
import { inMember } from './archive-error.ts';
import { writeEntry } from './central-directory.ts';
import { crc32 } from './crc32.ts';
import { writeLocalHeader } from './local-header.ts';
import { encodeName } from './member-name.ts';
import { IN_EXTRA, type NpzForm, type WrittenMember } from './zip-form.ts';

/** An array to write: a view, an ndarray, or the result of `prepareArray`. */
export type NpzArray = ViewLike | PreparedArray;

/** Arrays by name. A Map keeps their order; in an object, names that are whole numbers are first. */
export type NpzArrays = Readonly<Record<string, NpzArray>> | ReadonlyMap<string, NpzArray>;

/** Options of `encodeNpz`. */
export interface EncodeNpzOptions {
  /**
   * `'savez'` (default): the bytes of `np.savez` on Python 3.11.4 and later. `'plain'`: zip 2.0 without 64-bit sizes, for
   * archives of less than 4 GiB.
   */
  readonly form?: NpzForm;
  /** The codec for object arrays, which are pickles: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
}

const NAMES = ['form', 'objects'];

/**
 * Encodes named arrays as `np.savez` does, byte for byte.
 *
 * @returns fresh memory
 * @throws NpyError NPY_ARCHIVE for a name that an archive cannot hold; NPY_OPTION, NPY_LIMIT, NPY_ARRAY; what `encode` throws for an
 *   array, with `detail.member`
 * @example
 * writeFileSync('frame.npz', encodeNpz({ image: { data: pixels, shape: [480, 640, 3] }, state: { data: new Float64Array(7) } }));
 */
export function encodeNpz(arrays: NpzArrays, options?: EncodeNpzOptions): UnsharedBytes {
  return joinBytes(encodeNpzParts(arrays, options));
}

/**
 * Encodes named arrays to an archive in parts that are not joined. The parts may be the arrays' own memory: write them out before the
 * arrays change.
 * @throws what `encodeNpz` throws
 */
export function encodeNpzParts(arrays: NpzArrays, options?: EncodeNpzOptions): UnsharedBytes[] {
  const { form: asked, objects } = checkOptions(options, NAMES) ?? {};
  checkOption(asked, 'form', asked === 'savez' || asked === 'plain', "'savez' or 'plain'");
  checkCodec(objects, 'encode');
  const form = asked ?? 'savez';
  const parts: UnsharedBytes[] = [];
  const members: WrittenMember[] = [];
  let offset = 0;
  for (const [key, array] of namedArrays(arrays)) {
    const name = encodeName(key);
    const [header, data] = inMember(`${key}.npy`, () => preparedOf(array, objects).parts());
    const crc = crc32(data, crc32(header));
    const member = { name, crc, bytes: header.length + data.length, offset };
    const local = writeLocalHeader(member, form);
    members.push(member);
    parts.push(local, header, data);
    offset += local.length + member.bytes;
    if (form === 'plain') checkPlain(offset);
  }
  const entries = members.map((member) => writeEntry(member, form));
  const size = entries.reduce((bytes, entry) => bytes + entry.length, 0);
  if (form === 'plain') checkPlain(offset + size, members.length);
  parts.push(...entries, writeEnd(members.length, size, offset, form));
  return parts;
}

function preparedOf(array: NpzArray, objects: ObjectCodec | undefined | null): PreparedArray {
  if (typeof (array as Partial<PreparedArray> | null)?.parts === 'function') return array as PreparedArray;
  return prepareArray(array as ViewLike, objects ? { objects } : {});
}

function namedArrays(arrays: NpzArrays): Iterable<readonly [string, NpzArray]> {
  if (arrays instanceof Map) {
    for (const name of arrays.keys()) {
      if (typeof name !== 'string') throw notArrays(`a Map with a key of type ${typeof name}`);
    }
    return arrays;
  }
  // Promises, lists and typed arrays have a toString tag of their own.
  if (Object.prototype.toString.call(arrays) === '[object Object]') {
    return Object.entries(arrays as Readonly<Record<string, NpzArray>>);
  }
  throw notArrays(nameOf(arrays));
}

function notArrays(found: string): NpyError<'NPY_ARRAY'> {
  return new NpyError('NPY_ARRAY', `npz: expected arrays by name, { name: array }, got ${found}`, { found });
}

/** Checks the size of an archive without ZIP64. @throws NpyError NPY_LIMIT if it is too large for sizes of 32 bits */
function checkPlain(bytes: number, members = 0): void {
  if (bytes < IN_EXTRA && members < 0xffff) return;
  const message = `npz: ${bytes} bytes and ${members} members are more than the form 'plain' can hold: 'savez' holds them`;
  throw new NpyError('NPY_LIMIT', message, { bytes, maxBytes: IN_EXTRA - 1 }, { fault: 'caller' });
}
