// Decodes an archive to named arrays. The central directory lists the members; each is a .npy file, which is read as `decode` reads one.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { NpyView } from '../array/npy-view.ts';
import { decode, truncated } from '../format/decode.ts';
import { readHeader } from '../format/read-header.ts';
import type { NpyHeader } from '../header/header.ts';
import type { ObjectCodec } from '../objects/object-codec.ts';
import { checkCodec } from '../objects/object-data.ts';
import { quoted } from '../text/quoted.ts';
import { archiveError, inMember } from './archive-error.ts';
import { contentOf, type FoundMember, membersByArray, storedBytes } from './members.ts';

/** Options of `readNpzHeaders`. */
export interface NpzHeadersOptions {
  /** The names of the arrays to read. The data of other members is not looked at. Default: all of them. */
  readonly names?: readonly string[];
  /** Limits on each array. `maxHeaderCharacters` limits the name of a member as well. */
  readonly limits?: Partial<Limits>;
}

/** Options of `decodeNpz`. */
export interface DecodeNpzOptions extends NpzHeadersOptions {
  /** `false` (default): views of the given bytes if they are aligned and in native byte order. `true`: always fresh memory. */
  readonly copy?: boolean;
  /** The codec for object arrays, which are pickles: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
}

const HEADER_NAMES = ['names', 'limits'];
const NAMES = [...HEADER_NAMES, 'copy', 'objects'];

/**
 * Decodes the arrays of an archive, as `np.savez` writes it, to plain views by name. Members must not be compressed: those
 * of `np.savez_compressed` are refused. The checksums, sizes and positions of the members are checked.
 *
 * @param bytes a .npz file or message; there may be other bytes in front of it and behind it
 * @returns an object without a prototype. Its names are in the archive's order, except that whole numbers are first. If several members
 *   have one name, the last of them is used, as in `np.load`
 * @throws NpyError NPY_ARCHIVE if the bytes are not an archive, or one that is damaged, compressed or encrypted, or that lacks one of
 *   `names`; NPY_OPTION, NPY_LIMIT, NPY_ARRAY; what `decode` throws for a member, with `detail.member`
 * @example
 * const { image, state } = decodeNpz(bytes); // np.savez(file, image=image, state=state)
 */
export function decodeNpz(bytes: BytesLike, options?: DecodeNpzOptions): Record<string, NpyView> {
  const { names, limits, copy, objects } = checkOptions(options, NAMES) ?? {};
  checkOption(copy, 'copy', typeof copy === 'boolean', 'true or false');
  checkCodec(objects, 'decode');
  const bounds = resolveLimits(limits);
  const each = { copy: copy ?? false, ...(objects && { objects }), ...(limits && { limits }) };
  return byName(bytes, names, bounds, (member) => decode(contentOf(member), each));
}

/**
 * Reads the headers of an archive's arrays, by name: their dtypes and shapes, without decoding the data. Checksums are not checked.
 * @throws what `decodeNpz` throws, except for wrong checksums
 * @example
 * readNpzHeaders(bytes).image?.shape; // [480, 640, 3]
 */
export function readNpzHeaders(bytes: BytesLike, options?: NpzHeadersOptions): Record<string, NpyHeader> {
  const { names, limits } = checkOptions(options, HEADER_NAMES) ?? {};
  const bounds = resolveLimits(limits);
  return byName(bytes, names, bounds, (member) => {
    const file = storedBytes(member);
    const header = readHeader(file, limits ?? {});
    if (!header) throw truncated('header', file.length);
    const end = header.dataOffset + header.dataBytes;
    if (file.length < end && end !== Number.POSITIVE_INFINITY) throw truncated('data', file.length, end);
    return header;
  });
}

function byName<T>(
  bytes: BytesLike,
  names: readonly string[] | undefined | null,
  limits: Limits,
  read: (member: FoundMember) => T,
): Record<string, T> {
  const areNames = Array.isArray(names) && names.findIndex((name) => typeof name !== 'string') < 0;
  checkOption(names, 'names', areNames, 'a list of names');
  const members = membersByArray(asBytes(bytes), limits);
  // The object has no prototype, so that `__proto__` is a name like any other.
  const result: Record<string, T> = Object.create(null);
  for (const name of names ?? members.keys()) {
    const member = members.get(name);
    if (!member) throw missing(name, [...members.keys()]);
    result[name] = inMember(member.name, () => read(member));
  }
  return result;
}

/** The most names that a message shows. */
const MOST_NAMED = 8;

function missing(name: string, names: readonly string[]): ReturnType<typeof archiveError> {
  const shown = names.slice(0, MOST_NAMED).map((each) => quoted(each, 40));
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  const has = names.length === 0 ? 'none' : shown.join(', ') + more;
  return archiveError(`there is no array ${quoted(name, 40)}: the archive has ${has}`, { member: name, names });
}
